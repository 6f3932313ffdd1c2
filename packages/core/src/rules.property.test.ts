import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply } from './apply/apply.ts';
import { project, viewOf, type Projection } from './project.ts';
import type { PresenceRecord } from './record.ts';
import { nextChangeAt, settle } from './settle.ts';
import { ACCOUNTS, STATUSES } from './status.ts';
import { NODES, perform, SHORT_POLICY, type Happening, type Op } from './testing/happening.ts';
import { createNaivePresence } from './testing/naive-presence.ts';
import { createOneUser, type OneUser } from './testing/one-user.ts';

const IDS = ['s1', 's2', 's3', 's4'];
const SOURCES = ['user', 'admin', 'calendar', 'crm', 'jira'];

const seconds = (max: number, min = 0) => fc.integer({ min, max }).map((count) => count * 1000);
const id = fc.constantFrom(...IDS);
const idleMs = fc.option(seconds(20), { nil: null });
const source = fc.constantFrom(...SOURCES);
const forMs = seconds(14, 1);
const op = <M extends object>(type: Op['type'], model: fc.Arbitrary<M>) =>
  model.map((fields) => ({ type, ...fields }) as unknown as Op);

const opens = op(
  'open',
  fc.record({
    id,
    resume: fc.boolean(),
    node: fc.constantFrom(null, ...NODES),
    idleMs,
    forMs,
    device: fc.constantFrom(null, 'web', 'mobile'),
  }),
);
const beats = op(
  'beat',
  fc.record({ id, seq: fc.option(fc.nat({ max: 9 }), { nil: null }), idleMs, forMs }),
);
const claims = op(
  'claim',
  fc.record({
    source,
    status: fc.constantFrom(...STATUSES),
    message: fc.constantFrom(null, 'lunch'),
    forMs: fc.option(forMs, { nil: null }),
    absent: fc.boolean(),
  }),
);
const declared = [
  { weight: 4, arbitrary: claims },
  { weight: 1, arbitrary: op('release', fc.record({ source })) },
];
const lives = [
  { weight: 6, arbitrary: opens },
  { weight: 3, arbitrary: beats },
  { weight: 3, arbitrary: op('activity', fc.record({ id, stale: fc.boolean(), idleMs })) },
  { weight: 2, arbitrary: op('leave', fc.record({ id, graceMs: fc.constantFrom(0, 3000) })) },
  { weight: 2, arbitrary: op('touch', fc.constant({})) },
  { weight: 2, arbitrary: op('renew', fc.record({ id, forMs })) },
  { weight: 2, arbitrary: op('node', fc.record({ node: fc.constantFrom(...NODES), forMs })) },
  { weight: 1, arbitrary: op('sign-out', fc.record({ id: fc.option(id, { nil: null }) })) },
];
const shows = { weight: 2, arbitrary: op('visibility', fc.record({ hidden: fc.boolean() })) };
const gates = {
  weight: 2,
  arbitrary: op(
    'account',
    fc.record({
      account: fc.oneof(fc.constant('active' as const), fc.constantFrom(...ACCOUNTS)),
    }),
  ),
};
const reaps = { weight: 1, arbitrary: op('settle', fc.constant({})) };

const happenings = (ops: fc.Arbitrary<Op>, maxLength: number): fc.Arbitrary<Happening[]> =>
  fc.array(fc.record({ after: fc.integer({ min: 0, max: 7 }), op: ops }), { maxLength });

/** Anything, in any order. */
export const anyHistory = happenings(fc.oneof(...lives, ...declared, shows, gates, reaps), 25);

/** Anything but hiding and showing: what goes on behind the curtain. */
export const anyHiddenHistory = happenings(fc.oneof(...lives, ...declared, gates, reaps), 12);

const PROJECTIONS: readonly Projection[] = ['public', 'true'];
const SECOND = 1000;
/** Other histories each time; `PROPERTY_RUNS=5000` looks harder. */
const RUNS = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 100) };
/** A busy machine is no failure. */
const PATIENT = { timeout: 120_000 };

/** Plays a history, calling `each` at every second and after everything that happened. */
const play = (
  user: OneUser,
  history: readonly Happening[],
  each: (happened: Op | null) => void,
): void => {
  for (const { after, op: happening } of [
    ...history,
    { after: 20, op: { type: 'settle' } as Op },
  ]) {
    for (let second = 0; second < after; second += 1) {
      user.wait(SECOND);
      each(null);
    }
    perform(happening, user);
    each(happening);
  }
};

const newUser = (asText = false): OneUser => createOneUser({ policy: SHORT_POLICY, asText });
const shownAs = (naive: object) => ({ ...naive, userId: 'ada', version: expect.any(Number) });

describe('for any history', PATIENT, () => {
  it('S1: what is read at any instant is what the naive rules say', () => {
    fc.assert(
      fc.property(anyHistory, fc.boolean(), (history, asText) => {
        const user = newUser(asText);
        const naive = createNaivePresence(SHORT_POLICY);
        play(user, history, (happened) => {
          if (happened) naive.act(happened, user.now());
          else naive.tick(user.now());
          expect(user.shown('true')).toEqual(shownAs(naive.own()));
          expect(user.shown('public')).toEqual(shownAs(naive.public()));
        });
      }),
      RUNS,
    );
  });

  it('S3: whoever settles, and however often, it is the same record', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const user = newUser();
        play(user, history, () => {
          const { record, leases } = user.loaded();
          const end = user.now() + 40 * SECOND;
          let current = record;
          const steps = [];
          for (let at = user.now(); at <= end; at += SECOND) {
            const settled = settle(current, leases, at, SHORT_POLICY);
            current = settled.record;
            steps.push(...settled.steps);
          }
          expect({ record: current, steps }).toEqual(settle(record, leases, end, SHORT_POLICY));
        });
      }),
      { numRuns: 30 },
    );
  });

  it('S3: a reaper that passes by now and then leaves no trace', () => {
    fc.assert(
      fc.property(anyHistory, fc.integer({ min: 1, max: 5 }), (history, period) => {
        const reaped = newUser(true);
        const unreaped = newUser();
        const reads: (PresenceRecord | null)[] = [];
        const quiet = history.filter((happening) => happening.op.type !== 'settle');
        play(unreaped, quiet, () => reads.push(unreaped.read()));
        let tick = 0;
        play(reaped, quiet, () => {
          tick += 1;
          if (tick % period === 0) reaped.run({ type: 'settle' });
          expect(reaped.read()).toEqual(reads[tick - 1]);
        });
        unreaped.run({ type: 'settle' });
        reaped.run({ type: 'settle' });
        expect(reaped.history).toEqual(unreaped.history);
      }),
      RUNS,
    );
  });

  it('S4: versions grow, and an equal version is equal content, in both projections', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const user = newUser();
        const seen = { public: new Map<number, string>(), true: new Map<number, string>() };
        const newest = { public: 0, true: 0 };
        play(user, history, () => {
          for (const projection of PROJECTIONS) {
            const shown = user.shown(projection);
            const text = JSON.stringify(shown);
            expect(shown.version).toBeGreaterThanOrEqual(newest[projection]);
            expect(seen[projection].get(shown.version) ?? text).toBe(text);
            seen[projection].set(shown.version, text);
            newest[projection] = shown.version;
          }
        });
      }),
      RUNS,
    );
  });

  it('S16: last seen and last active never go back and never lie ahead', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const user = newUser();
        const latest = { public: [0, 0], true: [0, 0] };
        play(user, history, () => {
          for (const projection of PROJECTIONS) {
            const { status, lastSeenAt, lastActiveAt } = user.shown(projection);
            [lastSeenAt, lastActiveAt].forEach((instant, index) => {
              if (instant === null || instant === undefined) return;
              expect(instant).toBeGreaterThanOrEqual(latest[projection][index] ?? 0);
              expect(instant).toBeLessThanOrEqual(user.now());
              latest[projection][index] = instant;
            });
            if (status !== 'offline') expect(lastSeenAt).toBeNull();
          }
        });
      }),
      RUNS,
    );
  });

  it('S11: blocked reads offline, always', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const user = newUser();
        play(user, history, () => {
          const record = user.read();
          if (record === null || record.account === 'active') return;
          expect([record.own.status, record.public.status]).toEqual(['offline', 'offline']);
          expect(record.sessions).toEqual([]);
        });
      }),
      RUNS,
    );
  });

  it('S19: the same command once more shows nothing new', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const user = newUser();
        for (const { after, op: happening } of history) {
          user.wait(after * SECOND);
          const command = perform(happening, user);
          if (!command) continue;
          const applied = apply(user.loaded(), command, user.now(), SHORT_POLICY);
          if (!applied.ok) continue;
          if (command.type !== 'open') expect(applied.write).toBeNull();
          expect(applied.write?.steps ?? []).toEqual([]);
          for (const projection of PROJECTIONS) {
            expect(viewOf(applied.record, projection)).toEqual(viewOf(user.read(), projection));
          }
        }
      }),
      RUNS,
    );
  });

  it('S3: each write says until when it is valid, what is next, and who is in which list', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const user = newUser();
        for (const { after, op: happening } of history) {
          user.wait(after * SECOND);
          const before = user.loaded();
          const written = user.writes.length;
          perform(happening, user);
          const write = user.writes[written];
          if (!write?.record) continue;
          const at = user.now();
          const base = settle(before.record, before.leases, at, SHORT_POLICY).record;
          const { record, leases } = user.loaded();
          const next = nextChangeAt(record, leases, SHORT_POLICY) ?? Infinity;
          // A shared lease held anew was not part of the load: there the store judges by itself.
          const known = new Map([...leases].filter(([lease]) => before.leases.has(lease)));
          for (const { id: lease } of write.grant) known.set(lease, leases.get(lease) ?? 0);
          const anew = write.holds.filter((lease) => !known.has(lease));
          for (const lease of anew) known.set(lease, Infinity);
          const foreseen = nextChangeAt(record, known, SHORT_POLICY) ?? Infinity;
          const bound = nextChangeAt(base, before.leases, SHORT_POLICY) ?? Infinity;
          expect(write.validUntil).toBe(Math.min(bound, foreseen, at + 2000));
          const ends = write.holds.map((lease) => leases.get(lease) ?? 0);
          expect(next).toBe(Math.min(write.deadline ?? Infinity, ...ends));
          expect(write.status).toBe(project('ada', record, 'public').status);
          expect(write.record.revision).toBeGreaterThan(write.base);
          expect(write.steps.at(-1) ?? null).toEqual(
            write.steps.length > 0 ? write.record.steps.at(-1) : null,
          );
          if (write.solo) {
            const gone = settle(record, new Map(), at + 1, SHORT_POLICY).record;
            expect(gone?.own.status).toBe('offline');
          }
        }
      }),
      RUNS,
    );
  });

  it('a record is the same after a trip through JSON, and stays small', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const user = newUser();
        play(user, history, () => {
          const { record } = user.loaded();
          const text = JSON.stringify(record);
          expect(JSON.parse(text)).toEqual(record);
          expect(text.length).toBeLessThan(4096);
        });
      }),
      RUNS,
    );
  });
});

const hide: Happening = { after: 1, op: { type: 'visibility', hidden: true } };

/** The public projection at each second of `seconds` after a user hid. */
const behindCurtain = (
  prefix: readonly Happening[],
  hidden: readonly Happening[],
  total: number,
): string[] => {
  const user = newUser();
  for (const { after, op: happening } of [...prefix, hide]) {
    user.wait(after * SECOND);
    perform(happening, user);
  }
  const shown: string[] = [];
  const until = user.now() + total * SECOND;
  const look = (): void => {
    shown.push(JSON.stringify(user.shown()));
    user.wait(SECOND);
  };
  for (const { after, op: happening } of hidden) {
    for (let second = 0; second < after && user.now() < until; second += 1) look();
    if (user.now() < until) perform(happening, user);
  }
  while (user.now() < until) look();
  return shown;
};

describe('for any two histories of a hidden user', PATIENT, () => {
  it('S17: others read the same bytes whatever is done behind the curtain', () => {
    fc.assert(
      fc.property(anyHistory, anyHiddenHistory, anyHiddenHistory, (prefix, one, other) => {
        const active: Happening = { after: 0, op: { type: 'account', account: 'active' } };
        const start = [...prefix, active];
        expect(behindCurtain(start, one, 50)).toEqual(behindCurtain(start, other, 50));
      }),
      RUNS,
    );
  });

  it('S17: hiding reads as leaving, to the byte', () => {
    fc.assert(
      fc.property(anyHistory, (prefix) => {
        const active: Op = { type: 'account', account: 'active' };
        const shown: Op = { type: 'visibility', hidden: false };
        const noAdmin: Op = { type: 'release', source: 'admin' };
        const start = [...prefix, ...[active, shown, noAdmin].map((op) => ({ after: 0, op }))];
        const left: Happening = { after: 1, op: { type: 'sign-out', id: null } };
        const after = (last: Happening): string => {
          const user = newUser();
          for (const { after: wait, op: happening } of [...start, last]) {
            user.wait(wait * SECOND);
            perform(happening, user);
          }
          return JSON.stringify(user.shown());
        };
        expect(after(hide)).toBe(after(left));
      }),
      RUNS,
    );
  });
});
