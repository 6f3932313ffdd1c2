import { describe, expect, it } from 'vitest';
import type {
  HistoryAnswer,
  HistoryStep,
  InsightsAnswer,
  PeaksAnswer,
} from '@presence/core/protocol';
import { createAskedNode } from '../testing/asked-node.ts';
import type { Authorize, Principal } from '../types.ts';
import type { AuditEvent } from './types.ts';

const ROOT: Principal = { userId: 'root', tenant: 'acme', roles: ['admin'] };
const OTHER: Principal = { userId: 'boss', tenant: 'other', roles: ['admin'] };
const HOUR_MS = 3_600_000;

const authorize: Authorize = ({ roles = [] }, action) =>
  !action.startsWith('admin:') || roles.includes('admin');

const createNode = (options: Parameters<typeof createAskedNode>[0] = {}) => {
  const node = createAskedNode({ admin: true, history: {}, security: { authorize }, ...options });
  const audits: AuditEvent[] = [];
  node.presence.on('audit', (event) => audits.push(event));
  const acme = node.presence.tenant('acme');
  return { ...node, audits, acme };
};

type TestNode = ReturnType<typeof createNode>;

/** Ada is busy and not, seven times, an hour each. */
const live = async ({ acme, clock }: TestNode): Promise<void> => {
  for (let hour = 0; hour < 7; hour += 1) {
    await acme.claim('ada', 'busy', { source: 'admin', holdsAbsent: true });
    await clock.advance(HOUR_MS / 2);
    await acme.release('ada', { source: 'admin' });
    await clock.advance(HOUR_MS / 2);
  }
};

const get = async <Content>(node: TestNode, path: string, as = ROOT): Promise<Content> => {
  const { status, json } = await node.ask(`GET ${path}`, { as });
  expect([path, status, json]).toEqual([path, 200, expect.anything()]);
  return json as Content;
};

const ADA = '/admin/users/ada';

describe('the routes of history', () => {
  it('are not there unless asked for, with the admin routes', async () => {
    for (const options of [{ history: undefined }, { admin: false }]) {
      const { ask } = createAskedNode({
        admin: true,
        history: {},
        security: { authorize },
        ...(options as object),
      });
      for (const path of [
        `${ADA}/history`,
        `${ADA}/history/export`,
        `${ADA}/insights`,
        '/admin/insights',
      ]) {
        expect((await ask(`GET ${path}`, { as: ROOT })).status).toBe(404);
      }
      expect((await ask(`DELETE ${ADA}/history`, { as: ROOT })).status).toBe(404);
    }
  });

  it('S14: pages hold every transition once, the newest first, with its cause', async () => {
    const node = createNode();
    await live(node);
    const steps: HistoryStep[] = [];
    for (let cursor = ''; ;) {
      const query = `limit=4${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
      const page = await get<HistoryAnswer>(node, `${ADA}/history?${query}`);
      steps.push(...page.steps);
      // Of somebody who is changed meanwhile.
      await node.acme.claim('ada', 'dnd', { source: 'call', message: `${steps.length}` });
      if (page.nextCursor === undefined) break;
      cursor = page.nextCursor;
    }
    expect(steps.map(({ status, cause }) => `${status} ${cause}`)).toEqual(
      Array.from({ length: 7 }, () => ['offline released', 'busy claimed']).flat(),
    );
    expect(steps.map(({ at }) => at)).toEqual(steps.map(({ at }) => at).sort((a, b) => b - a));
  });

  it('a range takes what lies in it', async () => {
    const node = createNode();
    const start = node.clock.now();
    await live(node);
    const range = `from=${start + HOUR_MS}&until=${start + 2 * HOUR_MS}`;
    const { steps } = await get<HistoryAnswer>(node, `${ADA}/history?${range}`);
    expect(steps.map(({ at }) => at - start)).toEqual([1.5 * HOUR_MS, HOUR_MS]);
  });

  it('an export is lines of JSON, the oldest first, and says where it goes on', async () => {
    const node = createNode();
    await live(node);
    const { status, body, headers } = await node.ask(`GET ${ADA}/history/export`, { as: ROOT });
    expect([status, headers['content-type'], headers['link']]).toEqual([
      200,
      'application/x-ndjson; charset=utf-8',
      undefined,
    ]);
    const lines = (body ?? '')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as HistoryStep);
    const all: HistoryStep[] = [];
    for await (const step of node.acme.history.export('ada')) all.push(step);
    expect(lines).toEqual(all);
    expect(Object.keys(lines[0]!)).toEqual(['at', 'status', 'cause', 'revision']);
  });

  it('a long export has pages', async () => {
    const node = createNode();
    for (let each = 0; each < 5001; each += 1) {
      await node.acme.claim('ada', 'busy', { source: 'call', message: `${each}` });
      await node.acme.claim('ada', 'busy', {
        source: 'admin',
        holdsAbsent: true,
        message: `${each}`,
      });
    }
    const first = await node.ask(`GET ${ADA}/history/export`, { as: ROOT });
    const [, query] = /^<(\?.+)>; rel="next"$/.exec(first.headers['link'] ?? '') ?? [];
    const second = await node.ask(`GET ${ADA}/history/export${query}`, { as: ROOT });
    expect(first.body?.split('\n')).toHaveLength(5001);
    expect(second.status).toBe(200);
    expect(second.headers['link']).toBeUndefined();
    expect(second.body?.split('\n')).toHaveLength(2);
  });

  it('insights tell hours and days of the zone that is asked for', async () => {
    const node = createNode();
    await live(node);
    const utc = await get<InsightsAnswer>(node, `${ADA}/insights?days=2`);
    expect(utc.days).toHaveLength(2);
    expect(utc.days.reduce((sum, { onlineMs }) => sum + onlineMs, 0)).toBe(3.5 * HOUR_MS);
    expect(utc.byHour.filter((share) => share !== null && share > 0).length).toBeGreaterThan(6);
    const tokyo = await get<InsightsAnswer>(node, `${ADA}/insights?days=2&timeZone=Asia/Tokyo`);
    expect(tokyo.timeZone).toBe('Asia/Tokyo');
    expect(tokyo.days).not.toEqual(utc.days);
    const { peak, days } = await get<PeaksAnswer>(node, '/admin/insights?days=1');
    expect([peak?.count, days.length]).toEqual([1, 1]);
  });

  it('somebody online since before anything is kept counts from then on', async () => {
    const node = createNode({ history: { retentionMs: HOUR_MS } });
    await node.acme.claim('ada', 'busy', { source: 'admin', holdsAbsent: true });
    await node.clock.advance(30 * HOUR_MS);
    expect((await get<HistoryAnswer>(node, `${ADA}/history`)).steps).toEqual([]);
    const { days } = await get<InsightsAnswer>(node, `${ADA}/insights?days=2`);
    expect(days[1]!.onlineMs).toBe(days[1]!.knownMs);
    expect(days[1]!.onlineMs).toBeGreaterThan(0);
  });

  it('every read and every erasure is audited, with who asked for what', async () => {
    const node = createNode();
    await live(node);
    node.audits.length = 0;
    await get(node, `${ADA}/history?limit=2`);
    await node.ask(`GET ${ADA}/history/export`, { as: ROOT });
    await get(node, `${ADA}/insights`);
    await get(node, '/admin/insights?days=3');
    await node.ask(`DELETE ${ADA}/history`, { as: ROOT });
    const target = { tenant: 'acme', userId: 'ada' };
    const actor = { tenant: 'acme', userId: 'root' };
    const reading = { at: node.clock.now(), actor, action: 'admin:history:read' };
    expect(node.audits).toEqual([
      { ...reading, target, details: { limit: 2 } },
      { ...reading, target, details: {} },
      { ...reading, target, details: {} },
      { ...reading, details: { days: 3 } },
      { ...reading, action: 'admin:history:erase', target, details: { erased: 14 } },
    ]);
  });

  it('erasing leaves nothing, neither in the history nor in the record, and the next transition is kept', async () => {
    const node = createNode();
    await live(node);
    await node.acme.claim('bob', 'busy', { source: 'admin', holdsAbsent: true });
    const answer = await node.ask(`DELETE ${ADA}/history`, { as: ROOT });
    expect([answer.status, answer.json]).toEqual([200, { erased: 14 }]);
    expect((await get<HistoryAnswer>(node, `${ADA}/history`)).steps).toEqual([]);
    expect((await node.acme.explain('ada')).transitions).toEqual([]);
    expect((await get<HistoryAnswer>(node, '/admin/users/bob/history')).steps).toHaveLength(1);
    const shown = await node.acme.get('ada');
    await node.acme.claim('ada', 'busy', { source: 'admin', holdsAbsent: true });
    expect((await node.acme.get('ada')).version).toBeGreaterThan(shown.version);
    expect((await get<HistoryAnswer>(node, `${ADA}/history`)).steps).toMatchObject([
      { status: 'busy' },
    ]);
  });

  it('forget takes the history with it', async () => {
    const node = createNode();
    await live(node);
    await node.acme.forget('ada');
    expect((await get<HistoryAnswer>(node, `${ADA}/history`)).steps).toEqual([]);
    expect(
      (await get<InsightsAnswer>(node, `${ADA}/insights`)).days.every(
        ({ knownMs }) => knownMs === 0,
      ),
    ).toBe(true);
  });

  it('what is older than its retention is deleted by the reaper', async () => {
    const node = createNode({ history: { retentionMs: 2 * HOUR_MS } });
    await live(node);
    await node.clock.advance(120_000);
    const { steps } = await get<HistoryAnswer>(node, `${ADA}/history`);
    expect(steps).toHaveLength(3);
    await node.clock.advance(3 * HOUR_MS);
    expect((await get<HistoryAnswer>(node, `${ADA}/history`)).steps).toEqual([]);
  });

  it('S15: bad ranges, foreign cursors and made-up zones are 400, and write nothing', async () => {
    const node = createNode();
    await live(node);
    const { nextCursor = '' } = await get<HistoryAnswer>(node, `${ADA}/history?limit=2`);
    const cursor = encodeURIComponent(nextCursor);
    const bad = [
      `${ADA}/history?limit=-1`,
      `${ADA}/history?limit=0`,
      `${ADA}/history?limit=501`,
      `${ADA}/history?from=-5`,
      `${ADA}/history?from=2&until=2`,
      `${ADA}/history?from=3&until=2`,
      `${ADA}/history?until=99999999999999999999`,
      `${ADA}/history?order=oldest`,
      `${ADA}/history?cursor=${cursor}x`,
      `/admin/users/bob/history?limit=2&cursor=${cursor}`,
      `${ADA}/history?from=1&cursor=${cursor}`,
      `${ADA}/history/export?cursor=${cursor}`,
      `${ADA}/history/export?limit=5`,
      `${ADA}/insights?days=0`,
      `${ADA}/insights?days=-1`,
      `${ADA}/insights?days=367`,
      `${ADA}/insights?timeZone=Mars/Olympus`,
      `${ADA}/insights?timeZone=`,
      '/admin/insights?days=x',
      '/admin/insights?search=ada',
    ];
    for (const path of bad) {
      const { status, json } = await node.ask(`GET ${path}`, { as: ROOT });
      const { error } = json as { readonly error: { readonly code: string } };
      expect([path, status, error.code]).toEqual([path, 400, 'invalid_request']);
    }
    const foreign = await node.ask(`GET ${ADA}/history?limit=2&cursor=${cursor}`, { as: OTHER });
    expect(foreign.status).toBe(400);
    expect(node.audits.filter(({ action }) => action === 'admin:history:read')).toHaveLength(1);
    expect((await get<HistoryAnswer>(node, `${ADA}/history`)).steps).toHaveLength(14);
    expect((await get<HistoryAnswer>(node, `${ADA}/history`, OTHER)).steps).toEqual([]);
  });
});

describe('history in process', () => {
  it('says what to turn on where it is off', async () => {
    const { presence } = createAskedNode();
    await expect(presence.history.read('ada')).rejects.toThrow(
      /createPresence\(\{ history: \{\} \}\)/,
    );
    await expect(presence.history.erase('ada')).rejects.toThrow(/No history is kept/);
    expect(() => presence.history.export('ada')).toThrow(/No history is kept/);
  });

  it('refuses options that cannot work', () => {
    for (const [history, message] of [
      [{ retentionMs: 0 }, /retentionMs must be a whole number/],
      [{ retention: 5 }, /history\.retention is not an option/],
      [null, /history must be an object/],
    ] as const) {
      expect(() => createAskedNode({ history: history as never })).toThrow(message);
    }
    expect(() =>
      createAskedNode({ history: {}, security: { secret: 'x'.repeat(32) } }, (store) => ({
        ...store,
        isLocal: false,
      })),
    ).toThrow(/history\.keep is missing/);
  });

  it('checks what it is asked for', async () => {
    const { acme } = createNode();
    for (const options of [{ limit: 0 }, { from: -1 }, { from: 2, until: 2 }, { cursor: 'x' }]) {
      await expect(acme.history.read('ada', options)).rejects.toThrow(/\[presence\/history\]/);
    }
    await expect(acme.history.insights('ada', { timeZone: 'x' })).rejects.toThrow(/time zone/);
    await expect(acme.history.peaks({ days: 0 })).rejects.toThrow(/days must be/);
  });
});
