// One user of the town: connects, watches others, goes idle and comes back, sets a status, loses the link.
import type { Random } from '@presence/core';
import type { VirtualClock } from '@presence/core/testing';
import type { Connection, ConnectionEvents, Presence } from '@presence/server';

/** What a user does in an hour, on average. */
export interface Habits {
  /** Pauses long enough to be away; each is two changes. */
  readonly pauses: number;
  /** Statuses set and taken back; each is two changes. */
  readonly statuses: number;
  /** Links lost and back within the grace, on the next node: nobody sees them. */
  readonly reconnects: number;
  /** Other users that each watches. */
  readonly contacts: number;
}

/** What reached the clients. */
export interface WireCounts {
  frames: number;
  rows: number;
  bytes: number;
  pings: number;
  joins: number;
}

export interface Raw {
  readonly userId: string;
}

export interface Place {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly nodes: readonly Presence<Raw>[];
  readonly habits: Habits;
  readonly counts: WireCounts;
}

const HOUR_MS = 3_600_000;
/** A pause or a status lasts so long. */
const LASTS_MS = 600_000;
/** As clients do while there is input. */
const STILL_ACTIVE_MS = 150_000;
const BACK_AFTER_MS = 2000;
/** How a node that stops closes its sockets. */
const RESTART = 1012;

const ticketOf = async (node: Presence<Raw>, userId: string): Promise<string> => {
  const headers: Record<string, string> = { host: 'x', 'content-type': 'application/json' };
  const answer = await node.handle({
    method: 'POST',
    path: '/ticket',
    query: '',
    header: (name) => headers[name],
    body: { kind: 'parsed', value: {} },
    address: '192.0.2.1',
    raw: { userId },
  });
  if (answer.status !== 200) throw new Error(`No ticket: ${answer.status} ${answer.body}`);
  return (JSON.parse(answer.body ?? '{}') as { ticket: string }).ticket;
};

/** One link to one node; `heard` is told of every text. */
const openLink = (
  node: Presence<Raw>,
  counts: WireCounts,
  heard: (text: string) => void,
): ConnectionEvents => {
  const connection: Connection = {
    isWritable: true,
    write: ({ text, bytes }) => {
      counts.frames += 1;
      counts.bytes += bytes.length;
      heard(text);
    },
    ping: (marker) => {
      counts.pings += 1;
      queueMicrotask(() => events.pong(marker));
    },
    pong: () => undefined,
    close: (code, reason) => {
      if (code !== RESTART) throw new Error(`Closed with ${code}: ${reason}`);
    },
    terminate: () => {
      throw new Error('A link was cut.');
    },
  };
  const events = node.accept(connection);
  return events;
};

const rowsIn = (text: string): number =>
  (JSON.parse(text) as { readonly presences: readonly unknown[] }).presences.length;

/** Calls back again and again, so many times an hour on average. */
const often = (place: Place, perHour: number, act: () => void): void => {
  if (perHour === 0) return;
  const { clock, random } = place;
  const gapMs = (-Math.log(1 - random.next()) * HOUR_MS) / perHour;
  clock.after(gapMs, () => {
    act();
    often(place, perHour, act);
  });
};

/** Lives in the town until its time stands still. Resolves when connected for the first time. */
export const live = async (
  place: Place,
  userId: string,
  contacts: readonly string[],
): Promise<void> => {
  const { clock, nodes, habits, counts } = place;
  let turn = Math.floor(place.random.next() * nodes.length);
  let sessionId: string | undefined;
  let link: ConnectionEvents | null = null;
  let isPausing = false;

  const say = (frame: object): void => link?.message(JSON.stringify(frame));

  const heard = (text: string): void => {
    if (text.startsWith('{"type":"changes"')) counts.rows += rowsIn(text);
    if (text.startsWith('{"type":"welcome"')) {
      sessionId = (JSON.parse(text) as { sessionId: string }).sessionId;
    }
  };

  const connect = async (): Promise<void> => {
    const node = nodes[turn % nodes.length] as Presence<Raw>;
    const ticket = await ticketOf(node, userId);
    counts.joins += 1;
    link = openLink(node, counts, heard);
    say({ type: 'hello', protocol: 1, ticket, ...(sessionId !== undefined && { sessionId }) });
    say({ type: 'watch', id: 'w', add: contacts });
  };

  const forAWhile = (begin: object, end: object): void => {
    say(begin);
    clock.after(LASTS_MS, () => say(end));
  };

  often(place, habits.reconnects, () => {
    if (!link) return;
    link.closed();
    link = null;
    turn += 1;
    clock.after(BACK_AFTER_MS, () => void connect());
  });
  often(place, habits.statuses, () =>
    forAWhile({ type: 'status', status: 'busy' }, { type: 'status', status: null }),
  );
  often(place, habits.pauses, () => {
    if (isPausing) return;
    isPausing = true;
    say({ type: 'activity', state: 'idle', idleMs: 300_000 });
    clock.after(LASTS_MS, () => {
      isPausing = false;
      say({ type: 'activity', state: 'active' });
    });
  });
  clock.every(STILL_ACTIVE_MS, () => isPausing || say({ type: 'activity', state: 'active' }));
  await connect();
};
