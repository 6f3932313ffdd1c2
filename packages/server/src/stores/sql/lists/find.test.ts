import { ownLease, STATUSES, type Status } from '@presence/core';
import type { KyselyPlugin } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHeard } from '../../../../test-fixtures/plans.ts';
import {
  missingSql,
  prepare,
  sqlParts,
  type DatabaseName,
  type Prepared,
} from '../../../../test-fixtures/sql.ts';
import { accepted, holding, writeOf } from '../../../testing/suite/writes.ts';
import { systemClock } from '../../../system-clock.ts';
import { systemRandom } from '../../../system-random.ts';
import type { FindQuery, PresenceStore } from '../../store.ts';
import { createAttempts } from '../attempts.ts';
import { createSqlStore } from '../create-store.ts';

const DATABASES: readonly DatabaseName[] = ['node:sqlite', 'postgres', 'mariadb'];
const HOUR_MS = 3_600_000;
const USERS = 40;

/** Neighbours differ, so that each page has some of each status. */
const statusOf = (user: number): Status => STATUSES[user % STATUSES.length]!;

const idOf = (user: number): string => `user-${String(user).padStart(2, '0')}`;

const all = Array.from({ length: USERS }, (_, user) => user);

const idsOf = (statuses: readonly Status[]): string[] =>
  all.filter((user) => statuses.includes(statusOf(user))).map(idOf);

describe.each(DATABASES)('lists on %s', (name) => {
  describe.skipIf(missingSql(name))('that are asked for together', () => {
    const heard = createHeard();
    let prepared: Prepared;
    let store: PresenceStore;
    beforeAll(async () => {
      prepared = await prepare(name, heard.log);
      store = createSqlStore(sqlParts(prepared), 1000);
      await store.due(0, 0);
      for (const tenant of ['acme', 'other']) {
        const writes = all.map((user) =>
          writeOf(idOf(user), {
            tenant,
            ...holding(ownLease(`${tenant}-${user}`, 1), HOUR_MS),
            status: statusOf(user),
            scopes: user % 2 === 0 ? ['t', 'r:1'] : ['t'],
          }),
        );
        await accepted(store, ...writes);
      }
    });
    afterAll(async () => {
      await store.close();
      await prepared.dispose();
    });

    const found = async (query: Partial<FindQuery>): Promise<readonly [string[], boolean]> => {
      const { items, more } = await store.find({
        tenant: 'acme',
        scope: 't',
        status: STATUSES,
        after: '',
        limit: 5,
        ...query,
      });
      return [items.map(({ key }) => key.userId), more];
    };

    it('S14: are each their own, by one look at the clock and one statement for a tenant', async () => {
      const rooms = { scope: 'r:1', limit: 100 } as const;
      const ask = () =>
        Promise.all([
          found({}),
          found({ status: ['busy', 'away'], after: idOf(7), limit: 4 }),
          found(rooms),
          found({ ...rooms, status: ['dnd'] }),
          found({ scope: 'r:nobody' }),
          found({ status: [] }),
        ]);
      const of = (...statuses: Status[]): string[] => idsOf(statuses);
      const inRoom = (ids: readonly string[]): string[] =>
        ids.filter((id) => Number(id.slice(5)) % 2 === 0);
      const expected = [
        [of(...STATUSES).slice(0, 5), true],
        [
          of('busy', 'away')
            .filter((id) => id > idOf(7))
            .slice(0, 4),
          true,
        ],
        [inRoom(of(...STATUSES)), false],
        [inRoom(of('dnd')), false],
        [[], false],
        [[], false],
      ];
      expect(await ask()).toEqual(expected);
      expect(await heard.during(ask)).toHaveLength(2);
    });

    it('S15: of several tenants are a statement each', async () => {
      const ask = () => Promise.all([found({ tenant: 'other', limit: 3 }), found({ limit: 2 })]);
      expect(await ask()).toEqual([
        [idsOf(STATUSES).slice(0, 3), true],
        [idsOf(STATUSES).slice(0, 2), true],
      ]);
      expect(await heard.during(ask)).toHaveLength(3);
    });

    it('S15: of a tenant fail without those of another', async () => {
      const isBroken = (node: object): boolean => JSON.stringify(node).includes('broken');
      const breaking: KyselyPlugin = {
        transformQuery: ({ node }) => {
          if (isBroken(node)) throw new Error('This tenant’s rows cannot be read.');
          return node;
        },
        transformResult: async ({ result }) => result,
      };
      const parts = sqlParts(prepared);
      const half = createSqlStore({ ...parts, db: parts.db.withPlugin(breaking) }, 1000);
      const ask = (tenant: string) =>
        half.find({ tenant, scope: 't', status: STATUSES, after: '', limit: 5 });
      const [broken, whole] = await Promise.allSettled([ask('broken'), ask('acme')]);
      expect(broken).toMatchObject({ status: 'rejected', reason: { code: 'store_unavailable' } });
      expect(whole).toMatchObject({ status: 'fulfilled', value: { more: true } });
      await half.close();
    });

    it('are tried again where the look at the clock that they share was refused for the sake of others', async () => {
      let looks = 0;
      const busyOnce: KyselyPlugin = {
        transformQuery: ({ node }) => {
          looks += 1;
          if (looks === 1) throw new Error('Somebody else was first.');
          return node;
        },
        transformResult: async ({ result }) => result,
      };
      const parts = sqlParts(prepared);
      const dialect = { ...parts.dialect, meaningOf: () => 'again' as const };
      const attempts = createAttempts({ clock: systemClock, random: systemRandom, dialect }, 5000);
      const db = parts.db.withPlugin(busyOnce);
      const busy = createSqlStore({ ...parts, db, dialect, attempts }, 1000);
      const asked = { scope: 't', status: STATUSES, after: '', limit: 5 };
      const answers = ['acme', 'other'].map((tenant) => busy.find({ ...asked, tenant }));
      expect((await Promise.all(answers)).map(({ items }) => items.length)).toEqual([5, 5]);
      await busy.close();
    });

    it('S14: hold no more users than their pages, however many statuses are asked for', async () => {
      const statements = await heard.during(() => found({ limit: 3 }));
      const read = await prepared.db.executeQuery<{ kind: string }>(statements.at(-1)!);
      // One more than the page tells whether there is more.
      expect(read.rows.filter(({ kind }) => kind === 'data')).toHaveLength(4);
    });
  });
});
