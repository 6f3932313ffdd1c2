import { sql, type RawBuilder } from 'kysely';
import type { PresenceStore } from '../store.ts';
import type { Db } from './dialect.ts';
import type { Parts } from './parts.ts';
import { readMeta, type Ready } from './ready.ts';

const ID = 1;

const readKept = async (
  { tables }: Parts,
  db: Db,
  lock: RawBuilder<unknown>,
): Promise<string | null> => {
  const { rows } = await sql<{ settings: string }>`select settings from ${tables.policy.name}
    where id = ${ID} ${lock}`.execute(db);
  return rows[0]?.settings ?? null;
};

/** How whoever opened the store last judges; `null`: nobody did. Changes nothing. */
export const keptPolicy = (parts: Parts, ready: Ready): Promise<string | null> =>
  parts.attempts(async () => {
    await ready.ask(() => readMeta(parts, parts.db));
    return readKept(parts, parts.db, sql``);
  });

export const createComparePolicy = (
  parts: Parts,
  ready: Ready,
): NonNullable<PresenceStore['comparePolicy']> => {
  const { attempts, db, dialect, tables } = parts;

  const keep = (policy: string): Promise<string | null> =>
    dialect.transaction(db, async (tx) => {
      const before = await readKept(parts, tx, dialect.forUpdate);
      if (before === policy) return null;
      await sql`${dialect.insert(tables.policy, [[ID, policy]])} ${dialect.onConflict(['id'])}
        settings = ${dialect.given('settings')}`.execute(tx);
      return before;
    });

  return (policy) =>
    attempts(async () => {
      await ready.ask(() => readMeta(parts, db));
      return keep(policy);
    });
};
