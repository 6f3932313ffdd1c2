import type { Instant, Key } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import type { PresenceStore } from '../store.ts';
import { hasEnded, notBehindEnd } from './amnesty.ts';
import { createFront } from './front.ts';
import { trimFeed } from './feed/trim.ts';
import { readJudged, type Judged } from './lists/judged.ts';
import type { Loads } from './loads.ts';
import type { Parts } from './parts.ts';
import type { Ready } from './ready.ts';
import { nameOf } from './users.ts';

/**
 * Due records of one source beyond this are not looked through: any of those before them will do. Where there is one writer,
 * reapers that meet in the same rows lose nothing by it, and each row that is looked through is another page to read.
 */
const MOST_COUNTED = Object.freeze({ manyWriters: 1000, oneWriter: 300 });
/** Leases that are looked at once more later, in one statement. */
const MOST_MOVED = 5000;

/** Where due records stand, in an order of their own: rows of `tenant` and `user_id`. */
interface Source {
  readonly rows: RawBuilder<unknown>;
  readonly order: RawBuilder<unknown>;
}

interface Counted extends Source {
  readonly count: number;
}

interface Survey {
  readonly counted: readonly Counted[];
  /** There are more than were looked through. */
  readonly isCrowded: boolean;
  readonly nextAt: readonly (Instant | null)[];
  /** When the first lease had to be looked at. */
  readonly firstAt: Instant | null;
  /** Leases that were renewed since they had to be looked at. */
  readonly isMoved: boolean;
}

/** Where the leases of sessions stand among the sources. */
const OWN_LEASES = 1;

const sourcesOf = ({ tables }: Parts, { now, dead }: Judged, from: Instant): Source[] => {
  const { user, lease, hold } = tables;
  const { at, amnesties } = now;
  return [
    {
      rows: sql`select tenant, user_id from ${user.name} where deadline <= ${at}`,
      order: sql`order by deadline, tenant, user_id`,
    },
    {
      rows: sql`select tenant, user_id from ${lease.name}
        where check_at > ${from} and check_at <= ${at} and ${hasEnded(amnesties, 'own', at)}`,
      order: sql`order by check_at, id`,
    },
    ...dead.map((id) => ({
      rows: sql`select tenant, user_id from ${hold.name} where lease_id = ${id}`,
      order: sql`order by solo, tenant, user_id`,
    })),
  ];
};

const numberOf = (value: unknown): number | null =>
  value === null || value === undefined ? null : Number(value);

/**
 * How many are due in each source, when the next one is, and whether leases have to be looked at again.
 * No `min`: a planner whose figures are old believes that nothing stands behind now, and reads all of it.
 */
const survey = async (
  { db, tables, dialect }: Parts,
  { now }: Judged,
  sources: readonly Source[],
  from: Instant,
): Promise<Survey> => {
  const { user, lease } = tables;
  const { at, amnesties } = now;
  const ended = hasEnded(amnesties, 'own', at);
  const most = MOST_COUNTED[dialect.locksRows ? 'manyWriters' : 'oneWriter'];
  const counts = sources.map(({ rows }, index) => {
    const count =
      index === OWN_LEASES ? sql`l.ended` : sql`(select count(*) from (${rows} limit ${most}) s)`;
    return sql`${count} as ${sql.ref(`c${index}`)}`;
  });
  const { rows } = await sql<
    Record<string, unknown>
  >`select ${sql.join(counts)}, l.looked as looked,
    (select deadline from ${user.name} where deadline > ${at}
      order by deadline, tenant, user_id limit 1) as deadline,
    (select check_at from ${lease.name} where check_at > ${at}
      order by check_at, id limit 1) as lease, l.first_at as first_at
    from (select count(*) as looked, min(check_at) as first_at, coalesce(sum(case when ${ended} then 1 else 0 end), 0) as ended
      from (select check_at, expires_at, pardon from ${lease.name}
        where check_at > ${from} and check_at <= ${at} order by check_at, id limit ${most}) w) l`.execute(
    db,
  );
  const row = rows[0]!;
  const looked = Number(row['looked']);
  const counted = sources.map((source, index) => ({ ...source, count: Number(row[`c${index}`]) }));
  return {
    counted,
    isCrowded: [looked, ...counted.map(({ count }) => count)].includes(most),
    nextAt: [numberOf(row['deadline']), numberOf(row['lease'])],
    firstAt: numberOf(row['first_at']),
    isMoved: looked > counted[OWN_LEASES]!.count,
  };
};

/** So many rows from a rank on and around, as ranges of the sources. */
const rangesFrom = (sources: readonly Counted[], start: number, most: number) => {
  const ranges: RawBuilder<unknown>[] = [];
  let index = 0;
  let offset = start;
  while (offset >= sources[index]!.count) offset -= sources[index++]!.count;
  const total = sources.reduce((sum, { count }) => sum + count, 0);
  for (let left = Math.min(most, total); left > 0;) {
    const { rows, order, count } = sources[index]!;
    const size = Math.min(left, count - offset);
    if (size > 0) {
      const alias = sql.ref(`r${ranges.length}`);
      ranges.push(
        sql`select tenant, user_id from (${rows} ${order} limit ${size} offset ${offset}) ${alias}`,
      );
    }
    left -= size;
    offset = 0;
    index = (index + 1) % sources.length;
  }
  return ranges;
};

/** @returns at most `limit` users, and whether there are more */
const pick = async (
  { db, texts }: Parts,
  sources: readonly Counted[],
  limit: number,
  spread: number,
) => {
  const total = sources.reduce((sum, { count }) => sum + count, 0);
  if (total === 0 || limit === 0) return { keys: [], more: total > 0 };
  const start = Math.min(total - 1, Math.floor(spread * total));
  const ranges = rangesFrom(sources, start, limit + 1);
  const { rows } = await sql<{ tenant: string; user_id: string }>`${sql.join(
    ranges,
    sql` union all `,
  )}`.execute(db);
  const keys = new Map<string, Key>();
  for (const { tenant, user_id } of rows) {
    keys.set(nameOf(tenant, user_id), { tenant: texts.out(tenant), userId: texts.out(user_id) });
  }
  return {
    keys: [...keys.values()].slice(0, limit),
    more: rows.length < total || keys.size > limit,
  };
};

/** Leases that were renewed since are looked at when they end. Nobody else waits for it. */
const lookLater = async ({ db, tables, dialect }: Parts, { now }: Judged): Promise<void> => {
  const { lease } = tables;
  const { at, amnesties } = now;
  const end = notBehindEnd(amnesties, 'own', at);
  await dialect.transaction(db, async (tx) => {
    const { rows } = await sql<{ id: string }>`select id from ${lease.name} where check_at <= ${at}
      and not ${hasEnded(amnesties, 'own', at)} order by check_at limit ${MOST_MOVED}
      ${dialect.forUpdateOfFree}`.execute(tx);
    if (rows.length === 0) return;
    const named = dialect.among(
      ['id'],
      rows.map(({ id }) => [id]),
    );
    await sql`update ${lease.name} set check_at = ${end} where ${named}`.execute(tx);
  });
};

/** Nodes that nobody holds any more. */
const dropNodes = async (
  { db, tables, dialect }: Parts,
  { dead, longDead }: Judged,
  counted: readonly Counted[],
): Promise<void> => {
  const unheld = dead.filter((id, index) => longDead.has(id) && counted[index + 2]!.count === 0);
  if (unheld.length === 0) return;
  const named = dialect.among(
    ['id'],
    unheld.map((id) => [id]),
  );
  await sql`delete from ${tables.node.name} where ${named}`.execute(db);
};

const earliest = (instants: readonly (Instant | null)[]): Instant | null => {
  const known = instants.filter((instant) => instant !== null);
  return known.length === 0 ? null : Math.min(...known);
};

/** Reads the clock, and the nodes that have ended by it, behind a pulse that is young. */
const withPulse = async (parts: Parts, ready: Ready): Promise<Judged> => {
  const judged = await readJudged(parts, ready);
  const { at, pulseAt, isOld, amnesties } = judged.now;
  if (!isOld && amnesties.length === 0) {
    if (at - pulseAt < parts.pulseMs || (await ready.beat(judged.now))) return judged;
  }
  await ready.pulse();
  return readJudged(parts, ready);
};

export const createDue = (parts: Parts, ready: Ready, loads: Loads): PresenceStore['due'] => {
  const trim = trimFeed(parts);
  const front = createFront();
  return (limit, spread) =>
    parts.attempts(async () => {
      const judged = await withPulse(parts, ready);
      const { at } = judged.now;
      const from = front.from(at);
      const seen = await survey(parts, judged, sourcesOf(parts, judged, from), from);
      front.saw(at, seen.firstAt);
      const { counted, nextAt } = seen;
      if (seen.isMoved) await lookLater(parts, judged);
      await dropNodes(parts, judged, counted);
      await trim(at);
      const picked = await pick(parts, counted, limit, spread);
      const more = picked.more || seen.isCrowded;
      const items = (await loads.settled(picked.keys))
        .map(({ loaded }) => loaded)
        .filter(({ record }) => record !== null);
      return { at, items, more, nextAt: more ? at : earliest([...nextAt, judged.nextEnd]) };
    });
};
