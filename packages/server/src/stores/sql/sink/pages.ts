import type { Key } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import type { Announced, KnownPage } from '../../../durable/sink.ts';
import { decodeRecord } from '../../shared/record-text.ts';
import type { Parts } from '../parts.ts';

interface UserRow {
  readonly tenant: string;
  readonly user_id: string;
  readonly data: string;
}

const keyOf = ({ texts }: Parts, { tenant, user_id }: Omit<UserRow, 'data'>): Key => ({
  tenant: texts.out(tenant),
  userId: texts.out(user_id),
});

/** Users in order of tenant and id, whose rows `from` names as `u`. */
const readPage = async (
  parts: Parts,
  from: RawBuilder<unknown>,
  after: Key | null,
  limit: number,
): Promise<KnownPage> => {
  const { db, texts } = parts;
  const [tenant, userId] = after ? [texts.in(after.tenant), texts.in(after.userId)] : ['', ''];
  const { rows } = await sql<UserRow>`select u.tenant, u.user_id, u.data from ${from}
    and (u.tenant > ${tenant} or (u.tenant = ${tenant} and u.user_id > ${userId}))
    order by u.tenant, u.user_id limit ${limit}`.execute(db);
  const users = rows.map((row) => ({ key: keyOf(parts, row), record: decodeRecord(row.data) }));
  return { users, next: rows.length < limit ? null : (users.at(-1)?.key ?? null) };
};

export const readDeclared = (
  parts: Parts,
  after: Key | null,
  limit: number,
): Promise<KnownPage> => {
  const { declared, user } = parts.tables;
  const from = sql`${declared.name} d join ${user.name} u on u.tenant = d.tenant and u.user_id = d.user_id where 1 = 1`;
  return readPage(parts, from, after, limit);
};

export const readPresent = (parts: Parts, after: Key | null, limit: number): Promise<KnownPage> =>
  readPage(parts, sql`${parts.tables.user.name} u where u.status <> 'offline'`, after, limit);

/** Longer ago than a write may be under way. */
const OVERDUE_MS = 10_000;

export const readOverdue = async (parts: Parts, limit: number): Promise<readonly Announced[]> => {
  const { db, tables, now } = parts;
  const { announced, user } = tables;
  type AnnouncedRow = Omit<UserRow, 'data'> & { id: string; gone: unknown; data: string | null };
  const { rows } = await sql<AnnouncedRow>`select a.id, a.tenant, a.user_id, a.gone, u.data
    from ${announced.name} a
    left join ${user.name} u on u.tenant = a.tenant and u.user_id = a.user_id
    where a.at < ${now()} - ${OVERDUE_MS} order by a.at limit ${limit}`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    key: keyOf(parts, row),
    isGone: Number(row.gone) === 1,
    record: row.data === null ? null : decodeRecord(row.data),
  }));
};
