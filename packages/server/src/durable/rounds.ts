import { restore, type Cancel, type Key } from '@presence/core';
import type { Parts } from './parts.ts';
import type { Kept, Known } from './sink.ts';

/*
 * What a node left undone that died between the live store's commit and the sink's write. Changes
 * that were announced are looked after soon; and whoever the sink has as present is compared with
 * the live store now and then, for a node may have died with the news that they left.
 */

const ANNOUNCED_MS = 5000;
const PRESENT_MS = 30_000;
const PAGE = 500;

/** A user as the live store has them; as far as it lost them, as the sink knew them, and gone. */
const found = async (
  { live, policyOf }: Parts,
  users: readonly { key: Key; known: Known['record'] | null }[],
) => {
  const { at, items } = await live.load(users.map(({ key }) => key));
  return users.map(({ key, known }, place): Kept | null => {
    const { record } = items[place]!;
    if (record) return { key, record, revision: record.revision };
    const ended = known && restore(key, known, at, policyOf(key.tenant));
    return ended && { key, record: ended.record, revision: ended.record!.revision };
  });
};

const finishAnnounced = async (parts: Parts): Promise<void> => {
  const overdue = await parts.sink.overdue(PAGE);
  if (overdue.length === 0) return;
  const users = await found(
    parts,
    overdue.map(({ key, record, isGone }) => ({ key, known: isGone ? null : record })),
  );
  const kept = users.map(
    (user, place): Kept =>
      user ?? {
        key: overdue[place]!.key,
        record: null,
        revision: overdue[place]!.record?.revision ?? 0,
      },
  );
  await parts.sink.write(
    kept,
    overdue.map(({ id }) => id),
  );
};

export const startRounds = (parts: Parts): Cancel => {
  const { clock, sink, logger } = parts;
  let after: Key | null = null;

  const comparePresent = async (): Promise<void> => {
    const { users, next } = await sink.present(after, PAGE);
    after = next;
    if (users.length === 0) return;
    const compared = await found(
      parts,
      users.map(({ key, record }) => ({ key, known: record })),
    );
    const newer = compared.filter(
      (user, place): user is Kept => user !== null && user.revision > users[place]!.record.revision,
    );
    if (newer.length > 0) await sink.write(newer, []);
  };

  const regularly = (everyMs: number, work: () => Promise<void>): Cancel => {
    let isUnderWay = false;
    return clock.every(everyMs, () => {
      if (isUnderWay) return;
      isUnderWay = true;
      work()
        .catch((error: unknown) =>
          logger.warn({ err: error }, '[presence/sink] A round failed; the next one tries again.'),
        )
        .finally(() => {
          isUnderWay = false;
        });
    });
  };

  const cancels = [
    regularly(ANNOUNCED_MS, () => finishAnnounced(parts)),
    regularly(PRESENT_MS, comparePresent),
  ];
  return () => {
    for (const cancel of cancels) cancel();
  };
};
