import { sql } from 'kysely';
import { encodeAmnesties, grantedAt } from './amnesty.ts';
import type { Db } from './dialect.ts';
import { nowOf, type MetaRow, type Now } from './instant.ts';
import { checkSchema } from './migrations/schema-version.ts';
import type { Parts } from './parts.ts';

/** The one row in which the store knows itself. */
export interface Ready {
  /** What `read` gives, in a store that was made ready, also after it lost its data. */
  ask<Answer>(read: () => Promise<Answer | null>): Promise<Answer>;
  /** The same, where leases are judged for a write: after a stop the amnesty is granted first. */
  judged<Answer>(read: () => Promise<Answer | null | 'pulse-old'>): Promise<Answer>;
  /** Writes the pulse, and grants the amnesty where it was old. */
  pulse(): Promise<Now>;
  /**
   * Writes the pulse over one that was young, in one statement that waits for nobody. `false`: somebody else writes it, or
   * has since it was read, or the database knows no such statement.
   */
  beat(seen: Now): Promise<boolean>;
}

const ID = 1;

export const readMeta = async (parts: Parts, db: Db, isLocked = false): Promise<Now | null> => {
  const { tables, dialect, now } = parts;
  const lock = isLocked ? dialect.forUpdate : sql``;
  const { rows } = await sql<MetaRow>`select m.epoch, m.pulse_at, m.pardon, m.pardons,
    ${now()} as now from ${tables.meta.name} m where m.id = ${ID} ${lock}`.execute(db);
  return rows[0] ? nowOf(rows[0]) : null;
};

/** Makes the row where there is none: the store is new, or lost its data, and is called otherwise from now on. */
const begin = async ({ db, dialect, tables, random, now }: Parts): Promise<void> => {
  const { rows } = await sql<{ now: unknown }>`select ${now()} as now`.execute(db);
  const row = [ID, random.id(), Number(rows[0]!.now), 0, '[]', 0, 0, 0];
  // Whoever comes second changes nothing.
  const same = sql`${dialect.onConflict(['id'])} id = ${ID}`;
  await sql`${dialect.insert(tables.meta, [row])} ${same}`.execute(db);
};

const write = async ({ tables }: Parts, tx: Db, now: Now): Promise<Now> => {
  const { at, pardon, amnesties } = now;
  const last = amnesties.at(-1);
  await sql`update ${tables.meta.name} set pulse_at = ${at}, pardon = ${pardon},
    pardons = ${encodeAmnesties(amnesties)}, alive_at = ${last?.aliveAt ?? 0},
    shared_until = ${last?.shared ?? 0}, own_until = ${last?.own ?? 0} where id = ${ID}`.execute(
    tx,
  );
  return { ...now, pulseAt: at, isOld: false };
};

/** An amnesty is over when no lease is written down to end in it, nor put there by one before it. */
const withoutTheOver = async (parts: Parts, tx: Db, now: Now): Promise<Now> => {
  const { lease, node } = parts.tables;
  const kept: Now['amnesties'][number][] = [];
  let latest = 0;
  for (const amnesty of now.amnesties) {
    const { number, aliveAt, own, shared } = amnesty;
    const { rows } = await sql`
      select 1 from ${lease.name} where check_at <= ${now.at} and pardon < ${number} and expires_at > ${aliveAt} and expires_at < ${own}
      union all select 1 from ${node.name}
        where pardon < ${number} and expires_at > ${aliveAt} and expires_at < ${shared} limit 1`.execute(
      tx,
    );
    if (rows.length === 0 && latest <= aliveAt) continue;
    kept.push(amnesty);
    latest = Math.max(latest, own, shared);
  }
  return { ...now, amnesties: kept };
};

const isOver = ({ amnesties, at }: Now): boolean =>
  amnesties.length > 0 && amnesties.every(({ own }) => own <= at);

const grant = ({ at, pulseAt, pardon, amnesties, ...rest }: Now): Now => ({
  ...rest,
  at,
  pulseAt,
  pardon: pardon + 1,
  amnesties: [...amnesties, grantedAt(at, pulseAt, pardon + 1)],
});

export const createReady = (parts: Parts): Ready => {
  const { db, dialect } = parts;
  let checked: Promise<void> | null = null;

  const check = (): Promise<void> =>
    (checked ??= checkSchema(parts).catch((error: unknown) => {
      checked = null;
      throw error;
    }));

  const ask: Ready['ask'] = async (read) => {
    await check();
    const first = await read();
    if (first !== null) return first;
    await begin(parts);
    const second = await read();
    if (second === null) throw new Error('The row that was just written is not there.');
    return second;
  };

  const locked = (work: (tx: Db, now: Now) => Promise<Now>): Promise<Now> =>
    ask(() =>
      dialect.transaction(db, async (tx) => {
        const now = await readMeta(parts, tx, true);
        return now && work(tx, now);
      }),
    );

  const pulse = (): Promise<Now> =>
    locked(async (tx, now) => {
      if (now.isOld) return write(parts, tx, grant(now));
      return write(parts, tx, isOver(now) ? await withoutTheOver(parts, tx, now) : now);
    });

  const beat: Ready['beat'] = async ({ at, pulseAt, pardon: known }) => {
    if (!dialect.changesFree) return false;
    const { meta } = parts.tables;
    // No statement on its own has a limit of time for a row that a node locked which stands still.
    const free = sql`select id from ${meta.name} where id = ${ID} ${dialect.forUpdateOfFree}`;
    const { numAffectedRows } = await sql`update ${meta.name} set pulse_at = ${at}
      where id in (${free}) and pulse_at = ${pulseAt} and pardon = ${known}`.execute(db);
    return Number(numAffectedRows) === 1;
  };

  const pardon = (): Promise<Now> =>
    locked(async (tx, now) => (now.isOld ? write(parts, tx, grant(now)) : now));

  const judged = async <Answer>(
    read: () => Promise<Answer | null | 'pulse-old'>,
  ): Promise<Answer> => {
    const first = await ask(read);
    if (first !== 'pulse-old') return first;
    await pardon();
    return judged(read);
  };

  return { ask, judged, pulse, beat };
};
