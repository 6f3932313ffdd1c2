import type { Instant, Key, Loaded } from '@presence/core';
import { sql } from 'kysely';
import type { PresenceStore } from '../store.ts';
import { createGather } from '../shared/gather.ts';
import { inPieces } from '../shared/pieces.ts';
import { inKeyOrder, type Db } from './dialect.ts';
import type { Parts } from './parts.ts';
import { readMeta, type Ready } from './ready.ts';
import type { Row } from './tables.ts';
import {
  dataBranch,
  endOf,
  heldBranches,
  heldBy,
  loadedOf,
  metaBranch,
  nameOf,
  readRows,
  type Read,
} from './users.ts';

/** Users asked for in one statement. */
const MOST = 500;
const AT_ONCE = 4;

/**
 * A transaction that read the clock before an end may become visible after it. Whatever ended so
 * long ago has no such transaction left: none may stand still for longer.
 */
const SETTLED_AFTER_MS = 5000;

/** Whether something ended at `end` that a transaction under way may still change. */
export const isUnsettled = (end: Instant | null | undefined, at: Instant): boolean =>
  end !== null && end !== undefined && end <= at && at - end < SETTLED_AFTER_MS;

/** A user at an instant of the store's clock. */
interface LoadedAt {
  readonly at: Instant;
  readonly loaded: Loaded;
}

export interface Loads {
  readonly load: PresenceStore['load'];
  /** Users as they are once nobody can change what time has ended. */
  settled(keys: readonly Key[]): Promise<readonly LoadedAt[]>;
  rowOf(key: Key): Row;
}

/** Whether a user was read who may be about to become another. */
export const mayChange = (read: Read, name: string): boolean =>
  isUnsettled(read.users.get(name)?.deadline, read.now.at) ||
  heldBy(read, name).some((lease) => isUnsettled(endOf(read.now, lease), read.now.at));

/**
 * Waits for whoever changes these users or their leases, and keeps others from it. Asks for columns that no index
 * has: MySQL locks nothing but the index where that answers the question.
 */
const lock = async (parts: Parts, tx: Db, rows: readonly Row[]): Promise<void> => {
  const { tables, dialect } = parts;
  if (!dialect.locksRows) return;
  const { user, lease, hold, node } = tables;
  const owner = ['tenant', 'user_id'];
  const keys = inKeyOrder(rows);
  const mine = dialect.among(owner, keys);
  await sql`select revision from ${user.name} where ${mine} order by tenant, user_id ${dialect.forShare}`.execute(
    tx,
  );
  await sql`select expires_at from ${lease.name} where ${mine} order by id ${dialect.forShare}`.execute(
    tx,
  );
  await sql`select expires_at from ${node.name} where id in (select lease_id from ${hold.name} where ${mine})
    order by id ${dialect.forShare}`.execute(tx);
};

/** Waits for whoever renews these nodes' leases. */
export const lockNodes = async (
  { tables, dialect }: Parts,
  tx: Db,
  ids: readonly string[],
): Promise<void> => {
  if (!dialect.locksRows) return;
  const named = dialect.among(['id'], inKeyOrder(ids.map((id) => [id])));
  await sql`select expires_at from ${tables.node.name} where ${named} order by id ${dialect.forShare}`.execute(
    tx,
  );
};

/** Users read together, once without locks; and with them who may be about to become another. */
const createReading = (parts: Parts, ready: Ready) => {
  const { db, dialect, texts } = parts;
  const rowOf = ({ tenant, userId }: Key): Row => [texts.in(tenant), texts.in(userId)];
  const nameOfKey = (key: Key): string => nameOf(...(rowOf(key) as [string, string]));

  const read = (on: Db, rows: readonly Row[]): Promise<Read | null> =>
    readRows(parts, on, [metaBranch(parts), dataBranch(parts, rows), ...heldBranches(parts, rows)]);

  const settledRead = (rows: readonly Row[]): Promise<Read> =>
    ready.ask(() =>
      dialect.reading(db, async (tx) => {
        await lock(parts, tx, rows);
        return read(tx, rows);
      }),
    );

  const settled: Loads['settled'] = async (keys) => {
    const pages = await Promise.all(
      inPieces(keys, MOST).map(async (page) => {
        if (page.length === 0) return [];
        const found = await settledRead(page.map(rowOf));
        return page.map((key) => ({
          at: found.now.at,
          loaded: loadedOf(found, key, nameOfKey(key)),
        }));
      }),
    );
    return pages.flat();
  };

  const loadMany = async (keys: readonly Key[]) => {
    const rows = keys.map(rowOf);
    const found = await ready.ask(() => read(db, rows));
    const { at, isOld } = found.now;
    const items: LoadedAt[] = keys.map((key) => ({
      at,
      loaded: loadedOf(found, key, nameOfKey(key)),
    }));
    const places = keys.flatMap((key, place) => (mayChange(found, nameOfKey(key)) ? [place] : []));
    if (places.length > 0 && !isOld) {
      const again = await settled(places.map((place) => keys[place]!));
      places.forEach((place, index) => {
        items[place] = again[index]!;
      });
    }
    return { now: found.now, items };
  };

  return { rowOf, settled, loadMany };
};

export const createLoads = (parts: Parts, ready: Ready): Loads => {
  const { db, attempts } = parts;
  const { rowOf, settled, loadMany } = createReading(parts, ready);
  const gather = createGather<Key, Awaited<ReturnType<typeof loadMany>>>({
    most: MOST,
    atOnce: AT_ONCE,
    send: loadMany,
  });

  const none = async () => {
    const now = await ready.ask(() => readMeta(parts, db));
    return { now, items: [] };
  };

  return {
    rowOf,
    settled,
    load: (keys) =>
      attempts(async () => {
        const pieces = await Promise.all(
          inPieces(keys, MOST).map(async (piece) => {
            if (piece.length === 0) return none();
            const { answer, from } = await gather(piece);
            return { now: answer.now, items: answer.items.slice(from, from + piece.length) };
          }),
        );
        const items = pieces.flatMap((piece) => piece.items);
        const { at, epoch, isOld } = pieces[0]!.now;
        return {
          at,
          epoch,
          items: items.map(({ loaded }) => loaded),
          instants: items.map((item) => item.at),
          ...(isOld && { pulseOld: true }),
        };
      }),
  };
};
