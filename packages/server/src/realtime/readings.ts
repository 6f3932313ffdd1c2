import type { Instant, PresenceRecord } from '@presence/core';
import type { Engine, Reading } from '../engine/types.ts';
import type { Entry } from './audience.ts';
import type { LiveTime } from './live-time.ts';

/**
 * What was read from the store so lately is not read again for the next viewer: in between, the
 * feed keeps it up to date.
 */
const READ_AGAIN_MS = 1000;

/** Users asked of the store at once. */
const READ_BATCH = 500;

/** How what is known of users is read from the store. */
export interface Readings {
  /** Reads those of which nothing was read lately, each once for everybody who waits. */
  refresh(entries: readonly Entry[]): Promise<void>;
  /** Reads them all, as after lost messages. */
  readAll(entries: readonly Entry[]): Promise<void>;
}

interface Parts {
  readonly tenant: string;
  readonly engine: Engine;
  readonly time: LiveTime;
  note(entry: Entry, record: PresenceRecord | null, at: Instant): void;
  isKept(entry: Entry): boolean;
}

export const createReadings = ({ tenant, engine, time, note, isKept }: Parts): Readings => {
  const take = (batch: readonly Entry[], readings: readonly Reading[]): void => {
    const readAt = time.now();
    readings.forEach(({ record, at }, index) => {
      const entry = batch[index];
      // One that was forgotten and begun anew missed what the feed said in between.
      if (!entry || !isKept(entry)) return;
      entry.readAt = readAt;
      note(entry, record, at);
    });
  };

  const readNow = async (batch: readonly Entry[]): Promise<void> => {
    try {
      take(batch, await engine.readMany(batch.map(({ userId }) => ({ tenant, userId }))));
    } finally {
      for (const entry of batch) entry.reading = null;
    }
  };

  const readAll = async (wanted: readonly Entry[]): Promise<void> => {
    for (let start = 0; start < wanted.length; start += READ_BATCH) {
      const batch = wanted.slice(start, start + READ_BATCH);
      const reading = readNow(batch);
      for (const entry of batch) entry.reading = reading;
      await reading;
    }
  };

  /** What is asked for in one turn is read together: a crowd that comes at once waits for few reads, and not each for hundreds. */
  let gathered: Entry[] = [];
  let reading: Promise<void> = Promise.resolve();

  const readSoon = (entry: Entry): Promise<void> => {
    if (gathered.length === 0 || gathered.length === READ_BATCH) {
      const batch: Entry[] = [];
      gathered = batch;
      reading = Promise.resolve().then(() => {
        if (gathered === batch) gathered = [];
        return readNow(batch);
      });
    }
    gathered.push(entry);
    entry.reading = reading;
    return reading;
  };

  const isOld = (entry: Entry, now: number): boolean =>
    entry.json === '' || entry.readAt < 0 || now - entry.readAt > READ_AGAIN_MS;

  /** In one pass and without lists in between: a crowd asks for a million. */
  const refresh = async (wanted: readonly Entry[]): Promise<void> => {
    const now = time.now();
    const underWay: Promise<void>[] = [];
    let last: Promise<void> | null = null;
    for (const entry of wanted) {
      if (!isOld(entry, now)) continue;
      const each: Promise<void> = entry.reading ?? readSoon(entry);
      if (each !== last && !underWay.includes(each)) underWay.push(each);
      last = each;
    }
    if (last !== null) await (underWay.length === 1 ? last : Promise.all(underWay));
  };

  return { refresh, readAll };
};
