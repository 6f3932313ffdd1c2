import type { Cause, Instant, Key, Range, Status, Step, UserStep } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import type { StepsPage, StepsQuery } from '../../../history/history.ts';
import type { Parts } from '../parts.ts';

/** Rows of a page of everybody's steps. */
const PAGE = 2000;

interface StepRow {
  readonly revision: unknown;
  readonly version: unknown;
  readonly status: Status;
  readonly at: unknown;
  readonly cause: Cause;
}

const stepOf = ({ revision, version, status, at, cause }: StepRow): Step => ({
  revision: Number(revision),
  version: Number(version),
  status,
  at: Number(at),
  cause,
});

const COLUMNS = sql`revision, version, status, at, cause`;

const ownedBy = ({ texts }: Parts, { tenant, userId }: Key): RawBuilder<unknown> =>
  sql`tenant = ${texts.in(tenant)} and user_id = ${texts.in(userId)}`;

/**
 * Where a page begins, in revisions: the key has them and not instants. A revision is never behind its
 * instant, so that none from before the range is looked at.
 */
const startOf = ({ order, after, from }: StepsQuery): RawBuilder<unknown> => {
  if (order === 'newest') {
    return sql`revision >= ${from} ${after === null ? sql`` : sql`and revision < ${after}`}`;
  }
  return sql`revision >= ${from} ${after === null ? sql`` : sql`and revision > ${after}`}`;
};

/** At most so many steps of one user at instants of a range, by revision. */
export const readSteps = async (parts: Parts, query: StepsQuery): Promise<StepsPage> => {
  const { key, from, until, order, limit } = query;
  const direction = order === 'newest' ? sql`desc` : sql`asc`;
  const { rows } = await sql<StepRow>`select ${COLUMNS} from ${parts.tables.step.name}
    where ${ownedBy(parts, key)} and ${startOf(query)} and at >= ${from} and at < ${until}
    order by revision ${direction} limit ${limit + 1}`.execute(parts.db);
  return { steps: rows.slice(0, limit).map(stepOf), more: rows.length > limit };
};

export const readStepBefore = async (parts: Parts, key: Key, at: Instant): Promise<Step | null> => {
  const { rows } = await sql<StepRow>`select ${COLUMNS} from ${parts.tables.step.name}
    where ${ownedBy(parts, key)} and at < ${at} order by revision desc limit 1`.execute(parts.db);
  return rows[0] ? stepOf(rows[0]) : null;
};

interface PlacedRow extends Pick<StepRow, 'revision' | 'status' | 'at'> {
  readonly user_id: string;
}

interface Place {
  readonly at: Instant;
  readonly userId: string;
  readonly revision: number;
}

const behind = ({ at, userId, revision }: Place): RawBuilder<unknown> =>
  sql`(at > ${at} or (at = ${at} and (user_id > ${userId} or (user_id = ${userId} and revision > ${revision}))))`;

/** A page of a tenant's steps; ids as they stand in columns. */
const pageOf = async (
  { db, tables }: Parts,
  tenant: string,
  { from, until }: Range,
  after: Place | null,
): Promise<readonly PlacedRow[]> => {
  const start = Math.max(from, after?.at ?? from);
  const { rows } = await sql<PlacedRow>`select user_id, revision, status, at
    from ${tables.step.name}
    where tenant = ${tenant} and at >= ${start} and at < ${until}
      ${after === null ? sql`` : sql`and ${behind(after)}`}
    order by at, user_id, revision limit ${PAGE}`.execute(db);
  return rows;
};

/** Everybody's steps in order of time, page by page, so that no reader holds a connection between two. */
export const readStepsOf = async function* (
  parts: Parts,
  tenant: string,
  range: Range,
): AsyncIterable<readonly UserStep[]> {
  const { texts, attempts } = parts;
  let after: Place | null = null;
  for (;;) {
    const place: Place | null = after;
    const rows: readonly PlacedRow[] = await attempts(() =>
      pageOf(parts, texts.in(tenant), range, place),
    );
    yield rows.map(({ user_id, status, at }) => ({
      userId: texts.out(user_id),
      status,
      at: Number(at),
    }));
    const last: PlacedRow | undefined = rows.at(-1);
    if (rows.length < PAGE || !last) return;
    after = { at: Number(last.at), userId: last.user_id, revision: Number(last.revision) };
  }
};

export const readPresentAt = async (
  { db, tables, texts }: Parts,
  tenant: string,
  at: Instant,
): Promise<readonly string[]> => {
  const { name } = tables.step;
  const { rows } = await sql<{ readonly user_id: string }>`select s.user_id from ${name} s
    where s.tenant = ${texts.in(tenant)} and s.at < ${at} and s.status <> 'offline'
      and not exists (select 1 from ${name} l where l.tenant = s.tenant
        and l.user_id = s.user_id and l.revision > s.revision and l.at < ${at})`.execute(db);
  return rows.map(({ user_id }) => texts.out(user_id));
};
