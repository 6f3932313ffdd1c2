import { ownLease } from '@presence/core';
import { createVirtualClock } from '@presence/core/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATABASES } from '../../../../test-fixtures/people.ts';
import { missingSql, prepare, sqlParts, type Prepared } from '../../../../test-fixtures/sql.ts';
import { accepted, holding, TENANT, writeOf } from '../../../testing/suite/writes.ts';
import { createSqlStore } from '../create-store.ts';
import type { Parts } from '../parts.ts';
import type { PresenceStore } from '../../store.ts';
import { createPresenceTables } from './presence-tables.ts';

const HOUR_MS = 3_600_000;

describe.each(DATABASES)('what is looked at before a page on %s', (name) => {
  describe.skipIf(missingSql(name))('by another clock than this machine’s', () => {
    let stage: Prepared;
    let parts: Parts;
    let store: PresenceStore;

    beforeAll(async () => {
      stage = await prepare(name);
      parts = sqlParts(stage);
      store = createSqlStore(parts, 1000);
      await store.due(0, 0);
      for (const userId of ['late', 'there']) {
        const lease = ownLease(userId, 1);
        await accepted(store, writeOf(userId, { ...holding(lease, HOUR_MS), scopes: ['t'] }));
      }
      // By the database's clock this has been over for a second.
      const { user } = parts.tables;
      await sql`update ${user.name} set deadline = ${parts.dialect.clock} - 1000
        where user_id = ${parts.texts.in('late')}`.execute(stage.db);
    });
    afterAll(async () => {
      await store.close();
      await stage.dispose();
    });

    it.each([
      ['years behind', () => 0],
      ['an hour behind', (now: number) => now - HOUR_MS],
      ['the same', (now: number) => now],
    ])('S14: whoever is overdue by the database’s is found where this one is %s', async (_, at) => {
      const clock = createVirtualClock({ startAt: at(Date.now()) });
      const tables = createPresenceTables({ ...parts, db: stage.db }, clock);
      expect((await tables.askStatus(TENANT, ['online'], false)).overdue).toEqual(['late']);
      expect((await tables.askStatus(TENANT, ['busy', 'dnd'], true)).overdue).toEqual(['late']);
    });
  });
});
