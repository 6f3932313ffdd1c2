import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Check } from '../check.ts';
import { ADA, claim, openHttp, sessionOf, statusOf } from './engine-commands.ts';

/** What comes too late, from a slow commit or a former connection, changes nothing. */
export const fenceChecks: readonly Check[] = [
  {
    name: 'a commit delayed past the end of a lease does not undo what readers were shown',
    guarantee: 'S3, S5',
    run: async ({ engine, pass }) => {
      const [fast, slow] = [engine('fast'), engine('slow')];
      await fast.run(ADA, openHttp('s', 1000));
      const parked = await slow.begin(ADA, openHttp('t', 4000));
      await pass(1000);
      const [shown] = await fast.read([ADA]);
      equal(shown?.record?.public.status, 'offline');
      const { refusals, committedAt } = await parked();
      equal(refusals[0], 'late', 'the lease had ended');
      ok(committedAt !== null);
      const [after] = await fast.read([ADA]);
      equal(after?.record?.public.status, 'online');
      ok((after?.record?.public.version ?? 0) > (shown?.record?.public.version ?? 0));
    },
  },
  {
    name: 'a commit delayed past the end of what it brings is refused',
    guarantee: 'S8',
    run: async ({ engine, pass }) => {
      const one = engine('one');
      await one.run(ADA, openHttp('s', 4000));
      const parked = await one.begin(ADA, claim('busy', 600));
      await pass(600);
      equal((await parked()).refusals[0], 'late', 'the claim would have ended already');
      equal(await statusOf(one), 'busy', 'made anew, it holds');
    },
  },
  {
    name: 'a commit delayed past the end of what it takes away is refused',
    guarantee: 'S3, S5',
    run: async ({ engine, pass }) => {
      const [fast, slow] = [engine('fast'), engine('slow')];
      await fast.run(ADA, openHttp('s', 4000));
      await fast.run(ADA, claim('busy', 600));
      const parked = await slow.begin(ADA, { type: 'release', source: 'user' });
      await pass(700);
      const [shown] = await fast.read([ADA]);
      equal((await parked()).refusals[0], 'late', 'the claim had ended');
      const [after] = await fast.read([ADA]);
      deepEqual(after?.record?.public, shown?.record?.public);
    },
  },
  {
    name: 'a commit that waited for two seconds is refused',
    guarantee: 'S12',
    run: async ({ engine, pass }) => {
      const one = engine('one');
      await one.run(ADA, openHttp('s', 60_000));
      const parked = await one.begin(ADA, claim('busy', 60_000));
      await pass(2000);
      equal((await parked()).refusals[0], 'late');
    },
  },
  {
    name: 'a late beat of a former connection renews nothing',
    guarantee: 'S12',
    run: async ({ engine, store, pass, clock }) => {
      const one = engine('one');
      const former = sessionOf(await one.run(ADA, openHttp('s', 2000)));
      await pass(500);
      const now = sessionOf(await one.run(ADA, openHttp('s', 2000, true)));
      const end = clock.now() + 2000;
      await pass(500);
      const { lost } = await store.renew([{ id: former.lease, forMs: 9000 }], null);
      deepEqual(
        lost.map(({ id }) => id),
        [former.lease],
      );
      equal((await store.load([ADA])).items[0]?.leases.get(now.lease), end);
    },
  },
  {
    name: 'a command of a former connection does nothing',
    guarantee: 'S12',
    run: async ({ engine }) => {
      const one = engine('one');
      const former = sessionOf(await one.run(ADA, openHttp('s', 4000)));
      await one.run(ADA, openHttp('s', 4000, true));
      const { sessionId, generation } = { sessionId: 's', generation: former.generation };
      const cause = 'link-lost' as const;
      await one.run(ADA, { type: 'leave', sessionId, generation, graceMs: 0, cause });
      equal(await statusOf(one), 'online');
      const idle = await one.run(ADA, { type: 'activity', sessionId, generation, idleMs: 100 });
      ok(!idle.applied.ok && idle.applied.code === 'session_gone');
    },
  },
];
