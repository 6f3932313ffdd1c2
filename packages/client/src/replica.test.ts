import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Presence, Status } from '@presence/core';
import { createVirtualClock } from '@presence/core/testing';
import { createListeners } from './listeners.ts';
import { createOnline } from './online.ts';
import { createReplica } from './replica.ts';
import type { UserPresence } from './types.ts';

const USERS = ['ada', 'bob', 'cy'] as const;
const STATUSES: readonly Status[] = ['online', 'away', 'busy', 'offline'];

const contentOf = (version: number): Pick<Presence, 'status' | 'since' | 'lastSeenAt'> => {
  const status = STATUSES[version % STATUSES.length]!;
  return { status, since: version, lastSeenAt: status === 'offline' ? version : null };
};

/** Equal version, equal content, as servers promise it. */
const row = (userId: string, version: number): Presence => ({
  userId,
  ...contentOf(version),
  version,
});

const build = () => {
  const clock = createVirtualClock({ startAt: 0 });
  const listeners = createListeners();
  const replica = createReplica({ clock, listeners, userId: 'me', watches: () => true });
  replica.keepOnline(createOnline);
  return { clock, listeners, replica };
};

const steps = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('rows' as const),
      rows: fc.array(
        fc.record({ user: fc.constantFrom(...USERS), version: fc.integer({ min: 1, max: 30 }) }),
        { maxLength: 4 },
      ),
    }),
    fc.record({ kind: fc.constant('lost' as const) }),
    fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 50_000 }) }),
    fc.record({
      kind: fc.constant('online' as const),
      versions: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 3, maxLength: 3 }),
      asOf: fc.integer({ min: 0, max: 30 }),
    }),
  ),
  { maxLength: 40 },
);

type Built = ReturnType<typeof build>;

const play = async (
  { clock, replica }: Built,
  script: typeof steps extends fc.Arbitrary<infer S> ? S : never,
) => {
  for (const step of script) {
    if (step.kind === 'rows') {
      const rows = step.rows.map(({ user, version }) => row(user, version));
      replica.learn({ rows, asOf: clock.now() });
    } else if (step.kind === 'lost') replica.learn({ lostAt: clock.now() });
    else if (step.kind === 'wait') await clock.advance(step.ms);
    else {
      const listed = step.versions.flatMap((version, index) => {
        const { status } = contentOf(version);
        return status === 'offline' ? [] : [{ userId: USERS[index]!, status, version }];
      });
      replica.learn({ online: listed, complete: true, asOf: step.asOf });
    }
  }
};

describe('what a tab shows', () => {
  it('S5, S6: versions only grow, each callback shows something new, whatever the order of arrival', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const built = build();
        const { replica } = built;
        const last = new Map<string, UserPresence>();
        const byUser = new Map<string, number>();
        for (const user of USERS) {
          built.listeners.add(`user ${user}`, () => byUser.set(user, (byUser.get(user) ?? 0) + 1));
        }
        let told = 0;
        built.listeners.add('presence', (presence: UserPresence) => {
          told += 1;
          const before = last.get(presence.userId);
          expect(presence.version).toBeGreaterThanOrEqual(before?.version ?? 0);
          if (presence.version === before?.version) {
            // The same version again only to say that it is not known any more, or again.
            expect([before.status, presence.status].filter((s) => s === 'unknown')).toHaveLength(1);
          }
          if (presence.status !== 'unknown') {
            expect(presence).toMatchObject(contentOf(presence.version));
          }
          expect(replica.get(presence.userId)).toBe(presence);
          expect(Object.isFrozen(presence)).toBe(true);
          last.set(presence.userId, presence);
        });
        await play(built, script);
        for (const [user, presence] of last) expect(replica.get(user)).toBe(presence);
        expect([...byUser.values()].reduce((sum, count) => sum + count, 0)).toBe(told);
        replica.learn({ lostAt: -Infinity });
        expect(built.clock.pending()).toBe(0);
        for (const user of USERS) expect(replica.get(user).status).toBe('unknown');
      }),
      { numRuns: 300 },
    );
  });

  it('S5: where versions tell days, the later reading is the newer, in rows and in lists', () => {
    const { replica } = build();
    const day = 86_400_000;
    const at = (status: Status) => ({ ...row('ada', day), status });
    replica.learn({ rows: [at('online')], asOf: day + 10 });
    replica.learn({ rows: [at('busy')], asOf: day + 20 });
    replica.learn({ rows: [at('online')], asOf: day + 15 });
    expect(replica.get('ada').status).toBe('busy');
    replica.learn({
      online: [{ userId: 'ada', status: 'online', version: day }],
      complete: true,
      asOf: day + 10,
    });
    replica.learn({ online: [{ userId: 'ada', status: 'busy', version: day }], asOf: day + 20 });
    replica.learn({ online: [{ userId: 'ada', status: 'online', version: day }], asOf: day + 15 });
    expect(replica.held().online?.get().users).toEqual([{ userId: 'ada', status: 'busy' }]);
  });

  it('S18: each is unknown staleAfterMs after its own loss, and only what is confirmed again is not', async () => {
    const { clock, replica } = build();
    replica.learn({ rows: USERS.map((user) => row(user, 5)), asOf: 6, staleAfterMs: 60_000 });
    replica.learn({ lostAt: clock.now() });
    await clock.advance(30_000);
    replica.learn({ rows: [row('ada', 5), row('bob', 4)], asOf: 7 });
    await clock.advance(29_999);
    expect(USERS.map((user) => replica.get(user).version)).toEqual([5, 5, 5]);
    expect(replica.get('cy').status).not.toBe('unknown');
    await clock.advance(1);
    // What came of bob was older than what is shown: it confirms nothing.
    expect(USERS.filter((user) => replica.get(user).status === 'unknown')).toEqual(['bob', 'cy']);
    replica.learn({ lostAt: clock.now() });
    await clock.advance(59_999);
    expect(replica.get('ada').status).not.toBe('unknown');
    await clock.advance(1);
    expect(replica.get('ada').status).toBe('unknown');
    expect(clock.pending()).toBe(0);
  });

  it('S5: the list of who is online never brings an older row back', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ user: fc.constantFrom(...USERS), version: fc.integer({ min: 1, max: 30 }) }),
          { maxLength: 30 },
        ),
        (changes) => {
          const { replica } = build();
          replica.learn({ online: [], complete: true, asOf: 0 });
          const newest = new Map<string, number>();
          for (const { user, version } of changes) {
            newest.set(user, Math.max(version, newest.get(user) ?? 0));
            replica.learn({
              online: [{ userId: user, status: contentOf(version).status, version }],
            });
          }
          const expected = [...newest]
            .map(([userId, version]) => ({ userId, status: contentOf(version).status }))
            .filter(({ status }) => status !== 'offline')
            .sort((a, b) => (a.userId < b.userId ? -1 : 1));
          expect(replica.views.online().users).toEqual(expected);
          expect(replica.views.online().count).toBe(expected.length);
        },
      ),
    );
  });

  it('S7: whoever is absent from a list is offline, unless a younger change overtook it', () => {
    const { replica } = build();
    replica.learn({
      complete: true,
      online: [
        { userId: 'ada', status: 'online', version: 5 },
        { userId: 'bob', status: 'online', version: 6 },
      ],
      asOf: 10,
    });
    replica.learn({ online: [{ userId: 'cy', status: 'busy', version: 25 }], asOf: 25 });
    replica.learn({
      online: [{ userId: 'bob', status: 'online', version: 6 }],
      complete: true,
      asOf: 20,
    });
    expect(replica.views.online().users.map(({ userId }) => userId)).toEqual(['bob', 'cy']);
    replica.learn({ online: [{ userId: 'bob', status: 'offline', version: 30 }], asOf: 30 });
    replica.learn({ online: [{ userId: 'bob', status: 'online', version: 6 }], asOf: 24 });
    expect(replica.views.online().users.map(({ userId }) => userId)).toEqual(['cy']);
  });

  it('L5: a user whose record was lost is offline, not for ever as they were', () => {
    const { replica } = build();
    const unseen: Presence = {
      userId: 'ada',
      status: 'offline',
      since: null,
      lastSeenAt: null,
      version: 0,
    };
    replica.learn({ rows: [row('ada', 5)], asOf: 6 });
    replica.learn({ rows: [unseen], asOf: 4 });
    expect(replica.get('ada').status).toBe(contentOf(5).status);
    replica.learn({ rows: [unseen], asOf: 100 });
    expect(replica.get('ada').status).toBe('offline');
  });

  it('S20: remembers a bounded number of users whom nobody watches', () => {
    const { replica } = build();
    const first = replica.get('user-0');
    expect(replica.get('user-0')).toBe(first);
    for (let index = 1; index <= 1500; index += 1) replica.get(`user-${index}`);
    expect(replica.get('user-0')).not.toBe(first);
  });
});
