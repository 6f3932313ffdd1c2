import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PresenceStore } from '../stores/store.ts';
import { createAskedNode, type AskedNode } from '../testing/asked-node.ts';

/** Counts what a store is asked, and the renewals that stood on a record seen before. */
const createCounted = () => {
  const asked = { loads: 0, renewals: 0, again: 0 };
  const counting = (store: PresenceStore): PresenceStore => ({
    ...store,
    load: (keys) => {
      asked.loads += 1;
      return store.load(keys);
    },
    renew: (leases, validUntil) => {
      asked.renewals += 1;
      if (leases[0]?.revision !== undefined) asked.again += 1;
      return store.renew(leases, validUntil);
    },
  });
  return { asked, counting };
};

/** Cannot tell whether a record changed, so that each beat is judged anew. */
const judging = (store: PresenceStore): PresenceStore => ({ ...store, renewsByRevision: false });

/** Answers with promises, as a store behind a network does. */
const later = (store: PresenceStore): PresenceStore => ({
  ...store,
  load: async (keys) => store.load(keys),
  renew: async (leases, validUntil) => store.renew(leases, validUntil),
});

describe('a heartbeat that says the same again', () => {
  it('costs the store one renewal, until something changes', async () => {
    const { asked, counting } = createCounted();
    const { clock, ask, beat } = createAskedNode({}, counting);
    const { sessionId, generation } = (await beat({ device: 'web' })).json;
    const steady = async (seq: number) => {
      const before = { ...asked };
      await clock.advance(20_000);
      const { json } = await beat({ sessionId, seq, generation, activity: 'active' });
      expect(json.asOf).toBe(clock.now());
      return [asked.loads - before.loads, asked.renewals - before.renewals, json.status];
    };
    expect(await steady(1)).toEqual([1, 1, 'online']);
    for (let seq = 2; seq < 9; seq += 1) expect(await steady(seq)).toEqual([0, 1, 'online']);
    await ask('PUT /me/status', { body: { status: 'busy', forMs: 44_000 } });
    expect(await steady(9)).toEqual([1, 2, 'busy']);
    expect(await steady(10)).toEqual([0, 1, 'busy']);
    // Time stands still for the reaper: nobody commits that the claim ends, and the beat says it all the same.
    clock.jump(4000);
    expect((await beat({ sessionId, seq: 11, generation, activity: 'active' })).json.status).toBe(
      'online',
    );
  });

  it('S12: an older number, a former connection and an ended lease are judged anew', async () => {
    const { clock, beat } = createAskedNode();
    const { sessionId, generation } = (await beat()).json;
    const steady = (seq: number) => beat({ sessionId, seq, generation });
    for (let seq = 1; seq < 5; seq += 1) expect((await steady(seq)).status).toBe(200);
    await beat({ sessionId, seq: 0 });
    expect((await steady(5)).status).toBe(409);
    const { generation: next } = (await beat({ sessionId, seq: 0 })).json;
    for (let seq = 1; seq < 4; seq += 1) {
      expect((await beat({ sessionId, seq, generation: next })).status).toBe(200);
    }
    await clock.advance(121_000);
    expect((await beat({ sessionId, seq: 4, generation: next })).status).toBe(409);
  });

  it('S12: a number that is older than one that was committed renews nothing', async () => {
    const { asked, counting } = createCounted();
    const { beat } = createAskedNode({}, counting);
    const { sessionId } = (await beat()).json;
    await beat({ sessionId, seq: 5, activity: 'idle', idleMs: 400_000 });
    await beat({ sessionId, seq: 6, activity: 'active' });
    for (const seq of [7, 8]) await beat({ sessionId, seq, activity: 'active' });
    const { renewals } = asked;
    for (const seq of [1, 5, 6]) await beat({ sessionId, seq, activity: 'active' });
    expect(asked.renewals).toBe(renewals);
  });

  it('S11, S12: a block and another login are judged, however often the beat was answered before', async () => {
    const { clock, presence, beat } = createAskedNode();
    await presence.signOut('ada');
    const now = { userId: 'ada', issuedAt: clock.now() };
    const { sessionId } = (await beat({}, { as: now })).json;
    for (const seq of [1, 2, 3]) {
      expect((await beat({ sessionId, seq }, { as: now })).status).toBe(200);
    }
    const before = { userId: 'ada', issuedAt: clock.now() - 1 };
    expect((await beat({ sessionId, seq: 4 }, { as: before })).status).toBe(401);
    expect((await beat({ sessionId, seq: 4 }, { as: { userId: 'bob' } })).status).toBe(409);
    expect((await beat({ sessionId, seq: 4 }, { as: now })).status).toBe(200);
    await presence.setAccount('ada', 'suspended');
    expect((await beat({ sessionId, seq: 5 }, { as: now })).status).toBe(403);
  });
});

/** The pages of a user, as the beats that opened them were answered. */
type Pages = { sessionId?: string | undefined; generation?: number | undefined; seq: number }[];

type Act = (node: AskedNode, pages: Pages) => Promise<unknown>;

interface Step {
  readonly passMs: number;
  readonly act: Act;
}

const opening =
  (page: number): Act =>
  async ({ beat }, pages) => {
    const answer = await beat({ device: 'web' });
    const { sessionId, generation } = answer.json;
    if (answer.status === 200) pages[page] = { sessionId, generation, seq: 0 };
    return answer;
  };

const gaps = fc.constantFrom(0, 1, 700, 10_000, 20_000);

/** Short times pass without the reaper: what they end was not committed by anybody. */
const pass = async (clock: AskedNode['clock'], ms: number): Promise<void> =>
  ms < 5000 ? clock.jump(ms) : clock.advance(ms);

/** A few beats of one page, as a client sends them. */
const steady = fc
  .tuple(fc.nat(1), fc.integer({ min: 2, max: 5 }), gaps)
  .map(([page, count, gapMs]): Act => async ({ clock, beat }, pages) => {
    const answers: unknown[] = [];
    for (let left = count; left > 0; left -= 1) {
      const body = pages[page];
      if (!body) return answers;
      body.seq += 1;
      answers.push(await beat({ ...body, activity: 'active' }));
      await pass(clock, gapMs);
    }
    return answers;
  });

const EXTRAS = [
  {},
  { hidden: true },
  { activity: 'idle' },
  { activity: 'idle', idleMs: 400_000 },
  { generation: 1 },
  { generation: 2 },
];

/** One that is another than the page's last in more than its number. */
const other = fc
  .record({
    page: fc.nat(1),
    back: fc.integer({ min: -2, max: 2 }),
    extra: fc.constantFrom(...EXTRAS),
    issuedAt: fc.constantFrom(undefined, undefined, 1, Number.MAX_SAFE_INTEGER),
    userId: fc.constantFrom('ada', 'ada', 'ada', 'bob'),
  })
  .map(({ page, back, extra, issuedAt, userId }): Act => ({ beat }, pages) => {
    const { seq = 0, ...session } = pages[page] ?? {};
    return beat(
      { ...session, seq: Math.max(0, seq + back), activity: 'active', ...extra },
      { as: { userId, issuedAt } },
    );
  });

const leaving: Act = ({ ask }, [page]) =>
  ask('POST /leave', { body: { sessionId: page?.sessionId ?? 'none', reason: 'closed' } });

const changes = fc.constantFrom<Act[]>(
  ({ ask }) => ask('PUT /me/status', { body: { status: 'busy', forMs: 45_000 } }),
  ({ ask }) => ask('PUT /me/status', { body: { status: 'dnd', forMs: 1500 } }),
  ({ ask }) => ask('DELETE /me/status'),
  ({ ask }) => ask('PUT /me/visibility', { body: { visibility: 'hidden' } }),
  ({ presence }) => presence.setAccount('ada', 'suspended'),
  ({ presence }) => presence.setAccount('ada', 'active'),
  ({ presence }) => presence.signOut('ada'),
  ({ presence }) => presence.forget('ada'),
  ({ presence }) => presence.reap(),
  leaving,
);

const acts = fc.oneof(
  { weight: 5, arbitrary: steady },
  { weight: 3, arbitrary: other },
  { weight: 2, arbitrary: fc.nat(1).map(opening) },
  { weight: 3, arbitrary: changes },
);

const steps = fc.array(fc.record({ passMs: fc.oneof(gaps, fc.constant(70_000)), act: acts }), {
  minLength: 10,
  maxLength: 30,
});

/** Everything that was answered, and what is stored of the user in the end. */
const played = async (
  history: readonly Step[],
  adapt: (store: PresenceStore) => PresenceStore,
): Promise<readonly unknown[]> => {
  const node = createAskedNode({ security: { limits: { beatsPerMinute: 1000 } } }, adapt);
  const pages: Pages = [];
  for (const page of [0, 1]) await opening(page)(node, pages);
  const told: unknown[] = [];
  for (const { passMs, act } of history) {
    await pass(node.clock, passMs);
    told.push(await act(node, pages).catch(String));
    told.push(await node.presence.explain('ada'));
  }
  await node.presence.close();
  return told;
};

it('S2, S12, S16, S19: a beat is answered as if it were judged anew, whatever happened between', async () => {
  const { asked, counting } = createCounted();
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      const anew = await played(history, judging);
      expect(await played(history, counting)).toEqual(anew);
      expect(await played(history, later)).toEqual(anew);
    }),
    { numRuns: 30 },
  );
  expect(asked.again).toBeGreaterThan(100);
}, 60_000);
