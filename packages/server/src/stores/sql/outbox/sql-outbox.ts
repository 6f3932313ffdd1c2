import { sql, type RawBuilder } from 'kysely';
import type { FailureChoice, Outbox } from '../../../webhooks/outbox.ts';
import { createGather } from '../../shared/gather.ts';
import { inKeyOrder } from '../dialect.ts';
import type { Parts } from '../parts.ts';
import type { Ready } from '../ready.ts';
import type { Row } from '../tables.ts';
import { countOf, readFailures, readWaiting } from './read.ts';
import { OUTBOX_KEY } from './rows.ts';

/** Rows of one statement. */
const MOST = 500;
/** Rows that one statement deletes for their age: others wait for it. */
const MOST_TRIMMED = 5000;

const affected = (result: { readonly numAffectedRows?: bigint | undefined }): number =>
  Number(result.numAffectedRows ?? 0);

const chosen = (
  { texts }: Parts,
  { tenant, hook, userId, version }: FailureChoice,
): RawBuilder<boolean> => {
  const user = userId === undefined ? sql`` : sql`and user_id = ${texts.in(userId)}`;
  const one = version === undefined ? sql`` : sql`and version = ${version}`;
  return sql`hook = ${hook} and tenant = ${texts.in(tenant)} and failed_at > 0 ${user} ${one}`;
};

const readClock = async ({ db, now }: Parts): Promise<number> => {
  const { rows } = await sql<{ now: unknown }>`select ${now()} as now`.execute(db);
  return Number(rows[0]!.now);
};

/** Who may tell for a hook, and until when commits write for it. */
const createHooks = (parts: Parts): Pick<Outbox, 'enroll' | 'take' | 'leave'> => {
  const { db, dialect, tables } = parts;
  const { hook } = tables;
  const enrolled = (column: string): RawBuilder<unknown> => sql.ref(`${hook.text}.${column}`);
  return {
    enroll: async (name, forMs) => {
      const until = (await readClock(parts)) + forMs;
      const later = dialect.greatest(enrolled('enrolled_until'), dialect.given('enrolled_until'));
      await sql`${dialect.insert(hook, [[name, until, '', 0]])} ${dialect.onConflict(['name'])}
        enrolled_until = ${later}`.execute(db);
    },
    take: async (name, owner, forMs) => {
      const at = await readClock(parts);
      await sql`update ${hook.name} set owner = ${owner}, owned_until = ${at + forMs}
        where name = ${name} and (owner = ${owner} or owned_until <= ${at})`.execute(db);
      const { rows } = await sql<{ owner: string }>`select owner from ${hook.name}
        where name = ${name}`.execute(db);
      return rows[0]?.owner === owner;
    },
    leave: async (name, owner) => {
      await sql`update ${hook.name} set owned_until = 0
        where name = ${name} and owner = ${owner}`.execute(db);
    },
  };
};

/** What becomes of a row. */
const createFates = (parts: Parts): Pick<Outbox, 'remove' | 'fail' | 'retry' | 'drop' | 'trim'> => {
  const { db, dialect, tables, texts, now } = parts;
  const { outbox } = tables;
  const gather = createGather<Row, void>({
    most: MOST,
    atOnce: 1,
    send: async (rows) => {
      const told = dialect.among(OUTBOX_KEY, inKeyOrder(rows));
      await sql`delete from ${outbox.name} where ${told}`.execute(db);
    },
  });
  return {
    remove: async (hook, told) => {
      if (told.length === 0) return;
      await gather(
        told.map(({ key, revision }) => [
          hook,
          texts.in(key.tenant),
          texts.in(key.userId),
          revision,
        ]),
      );
    },
    fail: async (hook, { key, revision }, tries, reason) => {
      await sql`update ${outbox.name}
        set failed_at = ${now()}, tries = ${tries}, reason = ${reason}
        where hook = ${hook} and tenant = ${texts.in(key.tenant)}
          and user_id = ${texts.in(key.userId)} and revision = ${revision}`.execute(db);
    },
    // Its place in time is a new one: whoever reads what waits begins behind what was read.
    retry: async (choice) =>
      affected(
        await sql`update ${outbox.name} set failed_at = 0, tries = 0, reason = '', at = ${now()}
          where ${chosen(parts, choice)}`.execute(db),
      ),
    drop: async (choice) =>
      affected(await sql`delete from ${outbox.name} where ${chosen(parts, choice)}`.execute(db)),
    trim: async (olderThanMs) => {
      const old = sql<boolean>`at < ${(await readClock(parts)) - olderThanMs}`;
      await dialect.deleteSome(outbox, OUTBOX_KEY, old, MOST_TRIMMED).execute(db);
    },
  };
};

/** The outbox in the tables of a store, which writes it with each commit. */
export const createSqlOutbox = (parts: Parts, ready: Ready): Outbox => {
  const run = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    const { answer } = await parts.attempts(() =>
      ready.ask(async () => ({ answer: await work() })),
    );
    return answer;
  };
  const hooks = createHooks(parts);
  const fates = createFates(parts);
  return {
    enroll: (hook, forMs) => run(() => hooks.enroll(hook, forMs)),
    take: (hook, owner, forMs) => run(() => hooks.take(hook, owner, forMs)),
    leave: (hook, owner) => run(() => hooks.leave(hook, owner)),
    waiting: (hook, from, limit) => run(() => readWaiting(parts, hook, from, limit)),
    remove: (hook, told) => run(() => fates.remove(hook, told)),
    fail: (hook, ref, tries, reason) => run(() => fates.fail(hook, ref, tries, reason)),
    count: (tenant, hook) => run(() => countOf(parts, tenant, hook)),
    failures: (tenant, hook, limit) => run(() => readFailures(parts, tenant, hook, limit)),
    retry: (choice) => run(() => fates.retry(choice)),
    drop: (choice) => run(() => fates.drop(choice)),
    trim: (olderThanMs) => run(() => fates.trim(olderThanMs)),
  };
};
