import { Kysely, SqliteDialect } from 'kysely';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planted, type Planted } from '../../../test-fixtures/planted.ts';
import { createSuiteStore, flush } from '../../../test-fixtures/sql.ts';
import { CHECKS } from '../../testing/suite/checks.ts';
import { onStage } from '../../testing/suite/stage.ts';
import { migrate } from './migrations/migrate.ts';
import { nodeSqlite } from './node-sqlite.ts';

const PLANTED: readonly Planted<RegExp>[] = [
  planted(
    'renew revives own leases',
    /and expires_at > \? and/,
    'and expires_at > ? - 1e15 and',
    'a lease that ended is not revived, held or not, with create or without',
  ),
  planted(
    'renew shortens',
    /expires_at = max\("p_lease"."expires_at", \?\)/,
    'expires_at = ?',
    'a renewal extends to the clock and its duration, and never shortens',
  ),
  planted(
    'holders are not counted',
    /count\(\*\) as holders/,
    '0 as holders',
    'a renewal says how many records hold a shared lease',
  ),
  planted(
    'an own lease outlives the record that held it',
    /delete from "p_lease" where/,
    'delete from "p_lease" where false and',
    'an own lease dies when its record no longer holds it',
  ),
  planted(
    'an ended lease is due a second later',
    /check_at <= \?/g,
    'check_at <= ? - 1000',
    'a lease ends at its instant, reaped or not',
  ),
  planted(
    'a deadline is due a second later',
    /deadline <= \?/g,
    'deadline <= ? - 1000',
    'a record is due at its deadline, until a commit moves the deadline on',
  ),
  planted(
    'a deadline that is taken away stays',
    /"deadline" = "excluded"."deadline"/,
    '"deadline" = coalesce("excluded"."deadline", "p_user"."deadline")',
    'a record is due at its deadline, until a commit moves the deadline on',
  ),
  planted(
    'entries that a write does not name stay in the index',
    /delete from "p_scope" where/,
    'delete from "p_scope" where false and',
    'an engine of another release leaves no entry behind in lists that this one does not know',
  ),
  planted(
    'deleted records stay in the holds',
    /delete from "p_hold" where/,
    'delete from "p_hold" where false and',
    'a deleted record leaves no trace in lists, holds or deadlines',
  ),
  planted(
    'no overdue records',
    /from late_users union all/,
    'from late_users where false union all',
    'what the index cannot judge is given to settle, from the very millisecond on',
  ),
  planted(
    'a dead node stays online until it is reaped',
    /then 'offline' else s.status end/,
    'then s.status else s.status end',
    'the users of a dead node count as offline, each once, before anybody reaps',
  ),
  planted(
    'a page begins with the one before it again',
    /s.user_id > \?/g,
    's.user_id >= ?',
    'paging gives everybody once: pages of one, filters, and an end that moves on',
  ),
  planted(
    'lists of all tenants',
    /where s.tenant = \? and/g,
    'where (s.tenant = ? or true) and',
    'whatever a neighbour does, a tenant sees the same, byte for byte',
  ),
  planted(
    'a batch of changes counts as one',
    /\+ "excluded"."seq"/,
    '+ 1',
    'each commit is told once, with all that it made true, and numbered without holes',
  ),
  planted(
    'no amnesty',
    /m.pulse_at/g,
    'm.pulse_at + 1e12',
    'after a stop, leases that lived at the last pulse live on, for reads and reaping alike',
  ),
  planted(
    'what is due later is not foretold',
    /limit 1\) as (deadline|lease)/g,
    'limit 0) as $1',
    'nextAt is never later than the next thing that is due',
  ),
];

const checks = Object.values(CHECKS).flat();

describe('the store contract on a database that is sent statements with a mistake', () => {
  let mistake: Planted<RegExp> | null = null;
  let made = 0;
  const database = nodeSqlite(new DatabaseSync(':memory:'));
  const mistaken = (text: string): string => {
    if (mistake === null || text.search(mistake.right) < 0) return text;
    made += 1;
    return text.replace(mistake.right, mistake.wrong);
  };
  const wrong = { ...database, prepare: (text: string) => database.prepare(mistaken(text)) };
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: wrong }) });
  const prepared = { db, prefix: 'p_', dispose: async () => undefined };
  beforeAll(async () => {
    await migrate(db, { prefix: 'p_' });
  });
  afterAll(() => db.destroy());

  it.each(PLANTED)('refuses: $bug', async (bug) => {
    const check = checks.find(({ name }) => name === bug.refusedBy);
    if (!check) throw new Error(`No check is called: ${bug.refusedBy}.`);
    const subject = {
      create: (clock: Parameters<typeof createSuiteStore>[1]) => createSuiteStore(prepared, clock),
      flush,
    };
    await onStage(subject, check.run);
    [mistake, made] = [bug, 0];
    try {
      await expect(onStage(subject, check.run)).rejects.toThrow();
    } finally {
      mistake = null;
    }
    expect(made).toBeGreaterThan(0);
  });
});
