import type { CompactRow, PolicyOptions, Presence } from '@presence/core';
import { describe, expect, it } from 'vitest';
import { createAskedNode } from '../testing/asked-node.ts';
import { createVirtualNode } from '../testing/virtual-node.ts';

const MINUTE_MS = 60_000;

/** The other moment is in the same unit; of `hidden` it is any. */
const LATER_MS = { minutes: 7_000, day: 20 * MINUTE_MS, hidden: 20 * MINUTE_MS } as const;
const PRECISIONS = ['minutes', 'day', 'hidden'] as const;

type Precision = (typeof PRECISIONS)[number];

const nameOf = (row: Presence | CompactRow): string => ('userId' in row ? row.userId : row[0]);

/** What others and an admin are answered of Ada, who came and went. */
const answersOf = async (precision: Precision | 'exact', laterMs: number) => {
  const policy: PolicyOptions = { lastSeenPrecision: precision };
  const node = createAskedNode({
    admin: true,
    policy,
    security: {
      authorize: ({ userId }, action) => !action.startsWith('admin:') || userId === 'root',
    },
  });
  const { clock, presence, ask } = node;
  const start = clock.now();
  await clock.advance(laterMs);
  await presence.signIn('ada');
  await presence.claim('ada', 'busy');
  await clock.advance(1234);
  await presence.signOut('ada');
  // All of them ask at the same time.
  await clock.advanceTo(start + 30 * MINUTE_MS);
  const query = { as: { userId: 'bob' }, body: { userIds: ['ada', 'cy'] } };
  return {
    others: [
      (await ask('GET /users/ada', { as: { userId: 'bob' } })).body,
      (await ask('POST /users/query', query)).body,
      await presence.get('ada'),
      await presence.getMany(['ada', 'cy']),
    ],
    admin: (await ask('GET /admin/users/ada', { as: { userId: 'root' } })).body,
    own: await presence.get('ada', { view: 'true' }),
  };
};

describe('last-seen precision', () => {
  it.each(PRECISIONS)(
    'S17: %s: no answer tells which moment of it was the last',
    async (precision) => {
      const early = await answersOf(precision, 0);
      const late = await answersOf(precision, LATER_MS[precision]);
      expect(late.others).toEqual(early.others);
      expect(late.admin).not.toEqual(early.admin);
      expect(late.own).not.toEqual(early.own);
    },
  );

  it('exact tells it', async () => {
    const early = await answersOf('exact', 0);
    expect((await answersOf('exact', 1)).others).not.toEqual(early.others);
  });

  it.each(PRECISIONS)('S17: %s: nor does a row of any watch', async (precision) => {
    const rowsOf = async (laterMs: number): Promise<unknown> => {
      const node = createVirtualNode({ policy: { lastSeenPrecision: precision } });
      const { clock } = node;
      const { engine } = node.node;
      const key = { tenant: 'default', userId: 'ada' };
      const start = clock.now();
      await clock.advance(laterMs);
      await engine.execute(key, { type: 'claim', source: 'call', status: 'busy' });
      await engine.execute(key, { type: 'touch' });
      await engine.execute(key, { type: 'sign-out' });
      // Is still there when others look: in the tenant's list a version stands beside the status.
      const there = { type: 'claim', source: 'admin', status: 'busy', holdsAbsent: true } as const;
      await engine.execute({ tenant: 'default', userId: 'cy' }, there);
      await clock.advanceTo(start + 30 * MINUTE_MS);
      const bob = await node.join('bob');
      bob.send({ type: 'watch', id: 'w', add: ['ada'] });
      bob.send({ type: 'watch', id: 't', tenant: true });
      await clock.advance(200);
      const shown = bob
        .take('snapshot')
        .map(({ watch, presences }) => [
          watch,
          presences.filter(
            (row) => nameOf(row) === 'ada' || (nameOf(row) === 'cy' && watch === 't'),
          ),
        ]);
      await node.stop();
      return shown;
    };
    const early = await rowsOf(0);
    expect(JSON.stringify(early)).toMatch(/"ada".*"cy"/);
    expect(await rowsOf(LATER_MS[precision])).toEqual(early);
  });

  it('S5: whoever watches is still told of each change, also of several in one unit', async () => {
    const node = createVirtualNode({ policy: { lastSeenPrecision: 'day' } });
    const { clock } = node;
    const { engine } = node.node;
    const key = { tenant: 'default', userId: 'ada' };
    const bob = await node.join('bob');
    bob.send({ type: 'watch', id: 'w', add: ['ada'] });
    await clock.advance(200);
    bob.take('snapshot');
    const seen: unknown[] = [];
    for (const status of ['busy', 'dnd', 'away'] as const) {
      await engine.execute(key, { type: 'touch' });
      await engine.execute(key, { type: 'claim', source: 'call', status });
      await clock.advance(300);
      seen.push(
        ...bob
          .take('changes')
          .flatMap(({ presences }) =>
            presences.map((row) => ('userId' in row ? row.status : row[1])),
          ),
      );
    }
    expect(seen).toEqual(['busy', 'dnd', 'away']);
    await node.stop();
  });
});
