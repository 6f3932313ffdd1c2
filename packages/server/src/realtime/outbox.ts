import type { ServerFrame } from '@presence/core/protocol';
import type { Tally } from '../metrics/tally.ts';
import type { Entry } from './audience.ts';
import type { Link, Slow } from './link.ts';
import type { LiveTime } from './live-time.ts';
import { sharedFrame } from './shared-frame.ts';
import type { SharedFrame } from './types.ts';

/** A marker goes out after so many bytes; its pong says that they arrived. */
const MARKER_BYTES = 64 * 1024;

/**
 * With so many bytes unacknowledged a link gets no more rows. The kernel takes megabytes for a
 * reader that is asleep before a socket's own queue grows, so that queue says too little.
 */
export const UNACKED_BYTES = 256 * 1024;

/** Users owed to a slow reader one by one; beyond them its watches are sent anew. */
export const OWED_USERS = 1000;

/** A slow reader that acknowledges nothing for so long is closed with 4008. */
const SLOW_MS = 15_000;

/** Answers and own views are never held back, but a reader who takes none of them is cut. */
const MOST_UNACKED_BYTES = 1024 * 1024;

/** Users whose latest state a slow reader is owed in the end; `null`: all that it watches. */
type Owed = readonly Entry[] | null;

/** The way to a reader: everything that is sent goes through here and is counted. */
export interface Outbox {
  /** Now, whatever is waiting: answers, own views, goodbyes. */
  tell(link: Link, frame: ServerFrame): void;
  tellShared(link: Link, frame: SharedFrame): void;
  /** Rows that changed, in order behind what waits. */
  rows(link: Link, frame: SharedFrame, entries: Owed): void;
  /** The same to many. */
  rowsToAll(links: readonly Link[], frame: SharedFrame, entries: Owed): void;
  /** What is worth something only now: a reader who does not keep up is spared it. */
  hint(link: Link, frame: SharedFrame): void;
  snapshot(link: Link, frames: readonly SharedFrame[]): void;
  acknowledged(link: Link): void;
  /** When a slow reader will have been too slow, in live time; -1 for one that is not slow. */
  tooSlowAt(link: Link): number;
}

interface Parts {
  readonly time: LiveTime;
  readonly tally: Pick<Tally, 'frames' | 'frameBytes'>;
  /** Rows of the latest state of these users, for whoever watches them on this link. */
  latest(link: Link, entries: Iterable<Entry>): SharedFrame | null;
  /** Sends every watch of the link anew. */
  resend(link: Link): void;
  tooSlow(link: Link): void;
  /** A link began to lag: it has to be looked at in time. */
  onSlow(link: Link): void;
}

/**
 * What a write needs of a link lies all over the memory, and each write ousts what is near. So it is looked up for so many
 * links in one go, which lets the processor wait for many of them at once, and then they are written to.
 */
const BATCH = 64;

const hasRoom = (link: Link): boolean => link.unacked < UNACKED_BYTES;

/** Sends and counts: what was sent, and what the reader is known to have taken. */
const createCounting = ({ tooSlow, tally }: Pick<Parts, 'tooSlow' | 'tally'>) => {
  const mark = (link: Link): void => {
    link.isMarkerOut = true;
    link.sinceMarker = 0;
    link.connection.ping('m');
  };

  const count = (link: Link, { bytes: { length } }: SharedFrame): void => {
    link.unacked += length;
    link.sinceMarker += length;
    tally.frames += 1;
    tally.frameBytes += length;
  };

  const write = (link: Link, frame: SharedFrame): void => {
    link.connection.write(frame);
    if (link.sinceMarker >= MARKER_BYTES && !link.isMarkerOut) mark(link);
    if (link.unacked > MOST_UNACKED_BYTES) tooSlow(link);
  };

  const tellShared = (link: Link, frame: SharedFrame): void => {
    if (link.phase === 'closed') return;
    count(link, frame);
    write(link, frame);
  };

  /** The marker came back; what was sent after it is still out. */
  const acknowledge = (link: Link): void => {
    link.isMarkerOut = false;
    link.unacked = link.sinceMarker;
    if (link.sinceMarker >= MARKER_BYTES) mark(link);
  };

  return { count, write, tellShared, acknowledge };
};

/** Rows for whoever keeps up; to the others they are owed. */
const createRows = (parts: {
  count(link: Link, frame: SharedFrame): void;
  write(link: Link, frame: SharedFrame): void;
  owe(link: Link, entries: Owed): void;
}): Pick<Outbox, 'rows' | 'rowsToAll' | 'hint'> => {
  const { count, write, owe } = parts;

  const rowsToBatch: Outbox['rowsToAll'] = (links, frame, entries) => {
    const ready: Link[] = [];
    for (const link of links) {
      if (link.phase === 'closed') continue;
      if (link.slow !== null || !hasRoom(link)) owe(link, entries);
      else if (link.connection.isWritable) {
        count(link, frame);
        ready.push(link);
      }
    }
    for (const link of ready) write(link, frame);
  };

  return {
    hint: (link, frame) => {
      if (link.slow !== null || !hasRoom(link) || !link.connection.isWritable) return;
      count(link, frame);
      write(link, frame);
    },
    rows: (link, frame, entries) => rowsToBatch([link], frame, entries),
    rowsToAll: (links, frame, entries) => {
      for (let start = 0; start < links.length; start += BATCH) {
        rowsToBatch(links.slice(start, start + BATCH), frame, entries);
      }
    },
  };
};

export const createOutbox = (parts: Parts): Outbox => {
  const { time, latest, resend, onSlow } = parts;
  const { count, write, tellShared, acknowledge } = createCounting(parts);

  const slowed = (link: Link): Slow => {
    if (link.slow) return link.slow;
    link.slow = { since: time.now(), frames: [], owed: new Set(), owesAll: false };
    onSlow(link);
    return link.slow;
  };

  const owe = (link: Link, entries: Owed): void => {
    const slow = slowed(link);
    if (slow.owesAll) return;
    for (const entry of entries ?? []) slow.owed.add(entry);
    if (entries !== null && slow.owed.size <= OWED_USERS) return;
    slow.owesAll = true;
    slow.owed.clear();
  };

  const catchUp = (link: Link, slow: Slow): void => {
    while (slow.frames.length > 0 && hasRoom(link)) {
      const frame = slow.frames.shift();
      if (frame) tellShared(link, frame);
    }
    if (slow.frames.length > 0 || !hasRoom(link)) return;
    link.slow = null;
    if (slow.owesAll) resend(link);
    else if (slow.owed.size > 0) {
      const frame = latest(link, slow.owed);
      if (frame) tellShared(link, frame);
    }
  };

  const { rows, rowsToAll, hint } = createRows({ count, write, owe });

  return {
    tell: (link, frame) => tellShared(link, sharedFrame(JSON.stringify(frame))),
    tellShared,
    rows,
    rowsToAll,
    hint,
    snapshot: (link, frames) => {
      if (link.phase === 'closed') return;
      if (link.slow === null && frames.length === 1 && frames[0] && hasRoom(link)) {
        tellShared(link, frames[0]);
        return;
      }
      const slow = slowed(link);
      slow.frames.push(...frames);
      catchUp(link, slow);
    },
    acknowledged: (link) => {
      if (!link.isMarkerOut) return;
      acknowledge(link);
      if (!link.slow) return;
      link.slow.since = time.now();
      catchUp(link, link.slow);
    },
    tooSlowAt: ({ slow }) => (slow ? slow.since + SLOW_MS : -1),
  };
};
