import { sql } from 'kysely';
import type { Sink } from '../../../durable/sink.ts';
import { inPieces } from '../../shared/pieces.ts';
import { inKeyOrder } from '../dialect.ts';
import { createSqlHistory } from '../history/sql-history.ts';
import type { Parts } from '../parts.ts';
import { createReady } from '../ready.ts';
import { partsOf, type SqlOptions } from '../sql-options.ts';
import type { Row } from '../tables.ts';
import { copyUsers } from './copy.ts';
import { readDeclared, readOverdue, readPresent } from './pages.ts';

/** Users of one transaction: larger ones make others wait for their rows. */
const MOST = 100;

const announce = async (
  { db, dialect, tables, texts, random, now }: Parts,
  changes: Parameters<Sink['announce']>[0],
): Promise<readonly string[]> => {
  const { rows } = await sql<{ now: unknown }>`select ${now()} as now`.execute(db);
  const at = Number(rows[0]!.now);
  const announced = changes.map(({ key, isGone }): Row => {
    const [tenant, userId] = [texts.in(key.tenant), texts.in(key.userId)];
    return [random.id(), tenant, userId, isGone ? 1 : 0, at];
  });
  await dialect.insert(tables.announced, announced).execute(db);
  return announced.map(([id]) => String(id));
};

export const createSqlSink = (parts: Parts): Sink => {
  const { db, dialect, tables, attempts } = parts;
  const ready = createReady(parts);

  const run = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    const { answer } = await attempts(() => ready.ask(async () => ({ answer: await work() })));
    return answer;
  };

  const writeSome = (users: Parameters<Sink['write']>[0]): Promise<unknown> =>
    attempts(() => ready.ask(() => dialect.transaction(db, (tx) => copyUsers(parts, tx, users))));

  const withdraw = (announced: readonly string[]): Promise<unknown> =>
    run(() => {
      const ids = inKeyOrder(announced.map((id) => [id]));
      return sql`delete from ${tables.announced.name} where ${dialect.among(['id'], ids)}`.execute(
        db,
      );
    });

  return {
    announce: (changes) => run(() => announce(parts, changes)),
    write: async (users, announced) => {
      for (const piece of inPieces(users, MOST)) if (piece.length > 0) await writeSome(piece);
      if (announced.length > 0) await withdraw(announced);
    },
    overdue: (limit) => run(() => readOverdue(parts, limit)),
    declared: (after, limit) => run(() => readDeclared(parts, after, limit)),
    present: (after, limit) => run(() => readPresent(parts, after, limit)),
    history: createSqlHistory(parts, ready),
  };
};

/**
 * A durable side in SQL for a live store that is not: claims, visibility, accounts and sign-outs are in
 * the database before they are answered, and put back into a store that comes back empty; last seen and
 * statuses follow within moments, for your own queries. Its tables are made by `migrate(db)`.
 *
 * @throws PresenceError `invalid_options` when an option cannot work
 * @example
 * createPresence({ authenticate, store: redisStore({ redis }), sink: sqlSink({ db }), security: { secret } })
 */
export const sqlSink = <Schema>(options: SqlOptions<Schema>): Sink =>
  createSqlSink(partsOf(options));
