// Watchers on the nodes that live on: when each of them had been told that everybody whom it watches is gone.
import { contentOf, openWire } from '../heartbeat/load.ts';
import { inBatches } from '../redis/records.ts';
import { openRaw } from '../storm/raw-socket.ts';

export interface Watching {
  readonly ports: readonly number[];
  readonly watchers: number;
  readonly watched: number;
}

const IDS_IN_A_FRAME = 250;

const GONE = Buffer.from(',"offline",');

const occurrences = (frame: Buffer): number => {
  let count = 0;
  for (let at = frame.indexOf(GONE); at >= 0; at = frame.indexOf(GONE, at + 1)) count += 1;
  return count;
};

/** Connects them; resolves with the instant of each last row, and of the first row of all. */
export const watchThem = async ({ ports, watchers, watched }: Watching) => {
  const add = Array.from({ length: watched }, (_, user) => `socket-${user}`);
  const outcomes: Promise<number>[] = [];
  let firstAt = Infinity;
  const wires = await Promise.all(ports.map((port) => openWire(port)));
  for (let watcher = 0; watcher < watchers; watcher += 1) {
    const place = watcher % ports.length;
    const name = `watcher-${watcher}`;
    const { ticket } = contentOf(await wires[place]!.post('/presence/ticket', name, '{}'));
    let told = 0;
    let isDone: (at: number) => void = () => undefined;
    outcomes.push(new Promise((resolve) => (isDone = resolve)));
    const socket = await openRaw(ports[place]!, '/presence/socket', {
      frame: (bytes, start, end) => {
        const rows = occurrences(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start));
        if (rows === 0) return;
        firstAt = Math.min(firstAt, Date.now());
        told += rows;
        if (told === watched) isDone(Date.now());
      },
      closed: (why) => {
        throw new Error(`${name} was closed: ${why}`);
      },
    });
    socket.send(JSON.stringify({ type: 'hello', protocol: 1, ticket: String(ticket) }));
    for (const part of inBatches(add, IDS_IN_A_FRAME)) {
      socket.send(JSON.stringify({ type: 'watch', id: 'w', add: part }));
    }
  }
  return async (): Promise<{ readonly firstAt: number; readonly lastAt: number }> => ({
    lastAt: Math.max(...(await Promise.all(outcomes))),
    firstAt,
  });
};
