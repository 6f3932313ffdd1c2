import { hasDeclared, scopesOf } from '@presence/core';
import { sql } from 'kysely';
import type { Kept } from '../../../durable/sink.ts';
import { noChanges, noteWrite } from '../commit/changes.ts';
import { putChanges } from '../commit/put.ts';
import { findLocked, type Asked, type Found } from '../commit/stored.ts';
import type { Db } from '../dialect.ts';
import type { Parts } from '../parts.ts';
import type { Row } from '../tables.ts';

/** A user with the ids as they stand in columns. */
type Copied = Asked & { readonly kept: Kept };

const copiedOf = ({ texts }: Parts, kept: Kept): Copied => {
  const { key, record, revision } = kept;
  const [tenant, userId] = [texts.in(key.tenant), texts.in(key.userId)];
  const write = {
    key,
    base: revision,
    validUntil: null,
    record,
    holds: [],
    grant: [],
    solo: '' as const,
    deadline: null,
    status: record?.public.status ?? ('offline' as const),
    scopes: record ? scopesOf(record) : [],
    steps: [],
  };
  return { kept, write, tenant, userId, name: `${tenant}\u001f${userId}`, isCopy: true };
};

/** `null` deletes whatever is not newer; a record replaces what is older. */
const isNews = ({ kept: { record, revision } }: Copied, stored: number): boolean =>
  record === null ? stored > 0 && stored <= revision : stored < revision;

const noteDeclared = async (
  { dialect, tables }: Parts,
  tx: Db,
  users: readonly Copied[],
): Promise<void> => {
  const rows = (some: readonly Copied[]): Row[] =>
    some.map(({ tenant, userId }) => [tenant, userId]);
  const owner = ['tenant', 'user_id'];
  const isKept = ({ kept: { record } }: Copied): boolean => record !== null && hasDeclared(record);
  const [kept, gone] = [rows(users.filter(isKept)), rows(users.filter((user) => !isKept(user)))];
  if (kept.length > 0) {
    await sql`${dialect.insert(tables.declared, kept)} ${dialect.orKeep(owner)}`.execute(tx);
  }
  if (gone.length > 0) {
    await sql`delete from ${tables.declared.name} where ${dialect.among(owner, gone)}`.execute(tx);
  }
};

const revisionIn = (found: Found, { name }: Copied): number =>
  found.before.get(name)?.revision ?? 0;

/** Makes the rows of users of a store elsewhere as new as these. `null`: the database knows no store yet. */
export const copyUsers = async (
  parts: Parts,
  tx: Db,
  users: readonly Kept[],
): Promise<true | null> => {
  const copied = users.map((kept) => copiedOf(parts, kept));
  const found = await findLocked(parts, tx, copied);
  if (found === null) return null;
  const changes = noChanges();
  const news = copied.filter((user) => isNews(user, revisionIn(found, user)));
  for (const user of news) noteWrite(changes, found, user, parts.texts.in);
  // Nobody listens here: who watches, and webhooks, hear of it from the live store.
  await putChanges(parts, tx, { ...changes, outbox: [], told: new Map() });
  await noteDeclared(parts, tx, news);
  return true;
};
