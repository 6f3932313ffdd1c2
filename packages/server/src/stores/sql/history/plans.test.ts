import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHeard, wholeTables } from '../../../../test-fixtures/plans.ts';
import {
  missingSql,
  prepare,
  sqlParts,
  type DatabaseName,
  type Prepared,
} from '../../../../test-fixtures/sql.ts';
import type { History, UserSteps } from '../../../history/history.ts';
import { entry, keyOf, step } from '../../../testing/history/steps.ts';
import type { Parts } from '../parts.ts';
import { createReady } from '../ready.ts';
import { createSqlHistory } from './sql-history.ts';

const DATABASES: readonly DatabaseName[] = ['node:sqlite', 'postgres', 'mariadb'];

const TENANTS = 40;
const USERS = 50;
const STEPS = 50;
const SPAN = 1000;

/** Everybody's steps lie at the same instants, some apart. */
const stepsOfTenant = (tenant: number): UserSteps[] =>
  Array.from({ length: USERS }, (_, user) => {
    const steps = Array.from({ length: STEPS }, (_, index) =>
      step(1 + index * SPAN + user, index % 2 === 0 ? 'online' : 'offline'),
    );
    return entry(`user-${user}`, steps, `tenant-${tenant}`);
  });

const analyse = async ({ db, dialect, tables }: Parts): Promise<void> => {
  const word = dialect.name === 'mysql' ? sql`analyze table` : sql`analyze`;
  await sql`${word} ${tables.step.name}`.execute(db);
};

const KEY = keyOf('user-7', 'tenant-7');
const RANGE = { from: 30 * SPAN, until: 40 * SPAN };

const everything = async (history: History): Promise<number> => {
  let count = 0;
  for await (const page of history.stepsOf('tenant-7', RANGE)) count += page.length;
  return count;
};

const QUESTIONS: Readonly<Record<string, (history: History) => Promise<unknown>>> = {
  'the last changes of a user': (history) =>
    history.read({ key: KEY, ...RANGE, order: 'newest', after: null, limit: 50 }),
  'a later page': (history) =>
    history.read({ key: KEY, ...RANGE, order: 'oldest', after: 33 * SPAN, limit: 50 }),
  'how a user was then': (history) => history.stepBefore(KEY, 30 * SPAN),
  'what all of a tenant did': everything,
  'who was there then': (history) => history.presentAt('tenant-7', 3 * SPAN),
  'a change that comes late': (history) =>
    history.append([entry('user-7', [step(7, 'busy')], 'tenant-7')]),
  'the end of retention': (history) => history.trim(100, 100),
  'an erasure': (history) => history.erase(keyOf('user-8', 'tenant-7'), 1),
};

describe.each(DATABASES)('plans of history on %s', (name) => {
  describe.skipIf(missingSql(name))('among a hundred thousand steps', () => {
    const heard = createHeard();
    let prepared: Prepared;
    let parts: Parts;
    let history: History;
    beforeAll(async () => {
      prepared = await prepare(name, heard.log);
      parts = sqlParts(prepared);
      history = createSqlHistory(parts, createReady(parts));
      for (let tenant = 0; tenant < TENANTS; tenant += 1) {
        await history.append(stepsOfTenant(tenant));
      }
      await analyse(parts);
    });
    afterAll(() => prepared.dispose());

    it.each(Object.keys(QUESTIONS))('%s is found by an index', async (question) => {
      const statements = await heard.during(() => QUESTIONS[question]!(history));
      expect(statements.length).toBeGreaterThan(0);
      const whole: string[] = [];
      for (const statement of statements) {
        const tables = await wholeTables(parts.db, parts.dialect.name, statement);
        if (tables.includes(parts.tables.step.text)) whole.push(statement.sql);
      }
      expect(whole).toEqual([]);
    });
  });
});
