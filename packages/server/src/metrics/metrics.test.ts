import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createVirtualClock } from '@presence/core/testing';
import { Counter, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createPresence } from '../presence.ts';
import { memoryStore } from '../stores/memory/memory-store.ts';
import type { PresenceStore } from '../stores/store.ts';
import { createAskedNode } from '../testing/asked-node.ts';
import { createVirtualNode } from '../testing/virtual-node.ts';
import { familiesOf } from './families.ts';
import { measuredStore } from './measured-store.ts';
import { register } from './registry.ts';
import { createTally } from './tally.ts';

const TOKEN = 'a token for the scraper';

const asked = (more: object = {}) => {
  const registry = new Registry();
  const node = createAskedNode({ metrics: { registry, route: { token: TOKEN }, ...more } });
  const scrape = (authorization?: string) =>
    node.presence.handle({
      method: 'GET',
      path: '/metrics',
      query: '',
      header: (name) => (name === 'authorization' ? authorization : undefined),
      body: null,
      address: '192.0.2.9',
      raw: null,
    });
  return { ...node, registry, scrape };
};

/** The line of one metric, with its labels. */
const line = (text: string, name: string): string =>
  text.split('\n').find((one) => one.startsWith(`${name} `) || one.startsWith(`${name}{`)) ?? '';

describe('metrics', () => {
  it('tell what a node did, beside the application’s own', async () => {
    const { registry, beat, ask } = asked();
    const own = new Counter({
      name: 'own_total',
      help: 'Of the application.',
      registers: [registry],
    });
    own.inc();
    const { json } = await beat();
    await beat({ sessionId: json.sessionId, seq: 1, generation: 1 });
    await ask('GET /nowhere');
    const text = await registry.metrics();
    expect(line(text, 'own_total')).toBe('own_total 1');
    expect(line(text, 'presence_heartbeats_total')).toBe('presence_heartbeats_total 2');
    expect(line(text, 'presence_commits_total')).toBe('presence_commits_total 1');
    expect(text).toContain('presence_users{tenant="default",status="online"} 1');
    expect(text).toContain('presence_refusals_total{via="http",code="not_found"} 1');
    expect(text).toContain('presence_transitions_total{status="online",cause="opened"} 1');
  });

  it('have no label that grows with users', async () => {
    const { registry, beat, presence, clock } = asked();
    for (let user = 0; user < 200; user += 1) await beat({}, { as: { userId: `u${user}` } });
    const before = (await registry.metrics()).split('\n').length;
    for (let user = 200; user < 400; user += 1) await beat({}, { as: { userId: `u${user}` } });
    expect((await registry.metrics()).split('\n')).toHaveLength(before);
    await clock.advance(125_000);
    await presence.reap();
    const text = await registry.metrics();
    expect(text).not.toContain('u199');
    expect(text).toContain('presence_time_to_offline_seconds_count{cause="lease-ended"} 400');
    expect(text).toContain(
      'presence_time_to_offline_seconds_bucket{le="+Inf",cause="lease-ended"} 400',
    );
    expect(line(text, 'presence_ghosts_healed_total')).toBe('presence_ghosts_healed_total 400');
  });

  it('tell of sockets, watches, frames and flushes', async () => {
    const node = createVirtualNode();
    const registry = new Registry();
    register(registry, familiesOf(node.node, []));
    const ada = await node.join('ada');
    ada.send({ type: 'watch', id: 'w', add: ['grace'] });
    ada.send({ type: 'watch', id: 'all', tenant: true });
    await node.clock.advance(1000);
    await node.join('grace');
    await node.clock.advance(1000);
    const text = await registry.metrics();
    expect(line(text, 'presence_connections')).toBe('presence_connections 2');
    expect(line(text, 'presence_watches')).toBe('presence_watches 2');
    expect(Number(line(text, 'presence_fan_out_flushes_total').split(' ')[1])).toBeGreaterThan(0);
    expect(Number(line(text, 'presence_frames_sent_total').split(' ')[1])).toBeGreaterThan(4);
    ada.send({ type: 'unwatch', id: 'w' });
    await node.clock.advance(1000);
    ada.events.closed();
    await node.clock.advance(1000);
    expect(line(await registry.metrics(), 'presence_watches')).toBe('presence_watches 0');
    await node.stop();
  });

  it('go with a registry of OpenMetrics', async () => {
    const registry = new Registry();
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
    const node = createAskedNode({ metrics: { registry } });
    await node.beat();
    const text = await registry.metrics();
    expect(text).toContain('# TYPE presence_heartbeats counter\npresence_heartbeats_total 1');
    expect(text.endsWith('# EOF\n')).toBe(true);
  });

  it('leave the registry with their presence, and refuse to share it with another', async () => {
    const registry = new Registry();
    const options = { authenticate: () => null, metrics: { registry } };
    const presence = createPresence(options);
    expect(() => createPresence(options)).toThrow('has a metric "presence_users" already');
    await presence.close();
    expect(await registry.metrics()).toBe('\n');
    await createPresence(options).close();
  });
});

describe('a store outside of this process', () => {
  const remote = (store: PresenceStore): PresenceStore => ({
    ...store,
    isLocal: false,
    load: async (keys) => store.load(keys),
    renew: async (leases, until) => store.renew(leases, until),
  });

  it('keeps everything that a store may have', () => {
    const full: PresenceStore = {
      ...remote(memoryStore()),
      renewsByRevision: true,
      reapers: 2,
      check: () => Promise.resolve(),
      comparePolicy: () => Promise.resolve(null),
    };
    const measured = measuredStore(full, createTally(), createVirtualClock());
    expect(Object.keys(measured)).toEqual(
      expect.arrayContaining(Object.keys(full).filter((name) => name !== 'isLocal')),
    );
  });

  it('is measured by verb, and its failures are counted; the scrape goes on without its users', async () => {
    const clock = createVirtualClock();
    const registry = new Registry();
    const store = remote(memoryStore({ clock }));
    let fails = false;
    const presence = createPresence({
      authenticate: () => null,
      security: { secret: 'a secret for tests that is long enough' },
      store: {
        ...store,
        commit: (writes) =>
          fails ? Promise.reject(new Error('ECONNRESET')) : store.commit(writes),
        count: (scope) => (fails ? Promise.reject(new Error('ECONNRESET')) : store.count(scope)),
      },
      metrics: { registry },
      testing: { clock },
    });
    await presence.signIn('ada');
    const well = await registry.metrics();
    expect(well).toContain('presence_store_call_seconds_count{verb="commit"} 1');
    expect(well).toContain('presence_users{tenant="default",status="online"} 1');
    fails = true;
    await expect(presence.signIn('grace')).rejects.toMatchObject({ code: 'store_unavailable' });
    const text = await registry.metrics();
    expect(text).toContain('presence_store_errors_total{verb="commit"} 1');
    expect(text).not.toContain('presence_users{');
    await presence.close();
  });
});

describe('GET /metrics', () => {
  it('is for whoever has the token', async () => {
    const { scrape } = asked();
    const answer = await scrape(`Bearer ${TOKEN}`);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.body).toContain('presence_connections 0');
    for (const wrong of [undefined, '', TOKEN, 'Bearer ', `Bearer ${TOKEN}x`, `bearer ${TOKEN}`]) {
      expect((await scrape(wrong)).status).toBe(401);
    }
  });

  it('is not there unless asked for', async () => {
    const { scrape } = asked({ route: undefined });
    expect((await scrape(`Bearer ${TOKEN}`)).status).toBe(404);
  });

  it('is for everybody where the application protects it', async () => {
    const { scrape } = asked({ route: 'protected-by-application' });
    expect((await scrape()).status).toBe(200);
  });

  it.each([
    ['a short token', { route: { token: 'short' } }, 'at least 16 characters'],
    ['a registry of something else', { registry: {} }, 'a registry of prom-client'],
    [
      'a label for each of many tenants',
      { tenants: Array.from({ length: 51 }, (_, i) => `t${i}`) },
      'may name 50 tenants',
    ],
  ])('is refused with %s', (_, more, message) => {
    expect(() => asked(more)).toThrow(message);
  });
});

describe('diagnostics channels', () => {
  it('carry commits, heartbeats and refusals to whoever listens in the process', async () => {
    const heard: [string, unknown][] = [];
    const listener = (message: unknown, name: string | symbol): void =>
      void heard.push([String(name), message]);
    const names = ['presence:commit', 'presence:heartbeat', 'presence:refusal'];
    for (const name of names) subscribe(name, listener);
    const { beat, ask } = createAskedNode();
    await beat();
    await ask('GET /users/grace', { as: null });
    for (const name of names) unsubscribe(name, listener);
    await beat();
    expect(heard).toEqual([
      ['presence:heartbeat', { tenant: 'default', userId: 'ada', sessionId: undefined }],
      [
        'presence:commit',
        expect.objectContaining({ tenant: 'default', userId: 'ada', status: 'online' }),
      ],
      ['presence:refusal', { via: 'http', code: 'unauthenticated' }],
    ]);
  });
});
