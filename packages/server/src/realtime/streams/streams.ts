import { PresenceError } from '@presence/core';
import { LIMITS, type StreamPost, type StreamRequest } from '@presence/core/protocol';
import type { ResolvedOptions } from '../../context.ts';
import { createSeal } from '../../security/seal.ts';
import type { PresenceStore, Unsubscribe } from '../../stores/store.ts';
import { CLOSE } from '../ending.ts';
import type { Gateway } from '../gateway.ts';
import { EventStream } from './event-stream.ts';
import { createKeptStreams, type Reader } from './kept-streams.ts';

/** Connections whose frames go down the answer of one request, and come up by requests of their own. */
export interface Streams {
  /**
   * Opens one; what it says of the frames comes down it, as over a socket.
   *
   * @throws PresenceError `payload_too_large` for a frame that no socket would take, `store_unavailable`
   */
  open(request: StreamRequest): Promise<EventStream>;
  /**
   * Frames of a stream, whichever node has it. Resolves when they are on their way; that they are there
   * is said down the stream.
   *
   * @throws PresenceError `not_found` for what names no stream, `payload_too_large`, `store_unavailable`
   */
  post(post: StreamPost): Promise<void>;
  /** Ends another stream with this node, one that only tells; `false`: the node stops already. */
  keep(stream: EventStream, reader: Reader): boolean;
  /** Asks whoever reads those to come back elsewhere; none is taken from then on. */
  drain(): void;
  close(): Promise<void>;
}

/** Where nodes pass on to each other what came to the wrong one. No tenant is called so in any application. */
const INBOX = 'presence/streams';

/** A post on its way, perhaps to another node: its frames are texts, as they come from a socket. */
interface PassedOn {
  readonly id: string;
  readonly seq: number;
  readonly texts: readonly string[];
  readonly pongs: readonly string[];
}

const noStream = (): PresenceError =>
  new PresenceError('not_found', 'There is no such stream. Open another one with POST /stream.');

const textsOf = (frames: readonly unknown[]): readonly string[] => {
  const texts = frames.map((frame) => JSON.stringify(frame));
  if (texts.every((text) => Buffer.byteLength(text) <= LIMITS.bodyBytes)) return texts;
  throw new PresenceError(
    'payload_too_large',
    `A frame may have at most ${LIMITS.bodyBytes} bytes. Split a long watch.`,
  );
};

/** In the order of their numbers, each once: a post that was sent again was taken before. */
const take = (stream: EventStream, { seq, texts, pongs }: PassedOn): void => {
  if (seq <= stream.taken) return;
  if (seq > stream.taken + 1) return stream.close(CLOSE.tryAgainLater, 'a post is missing');
  stream.taken = seq;
  stream.say({ name: 'taken', content: seq });
  for (const marker of pongs) stream.events?.pong(marker);
  for (const text of texts) stream.events?.message(text);
};

interface Parts {
  readonly options: Pick<ResolvedOptions<never>, 'secret' | 'random'>;
  readonly store: PresenceStore;
  readonly accept: Gateway['accept'];
}

/** What comes from other nodes, from the first stream on: a store that only this process has has no others. */
const createInbox = (store: PresenceStore, found: (passed: PassedOn) => void) => {
  let live: Promise<Unsubscribe> | null = null;
  const nothing = (): void => undefined;
  return {
    open: async (): Promise<void> => {
      if (store.isLocal) return;
      live ??= store.subscribe([INBOX], {
        change: nothing,
        gap: nothing,
        signal: ({ message }) => found(message as PassedOn),
      });
      live.catch(() => (live = null));
      await live;
    },
    close: async (): Promise<void> => {
      const unsubscribe = await live?.catch(() => undefined);
      await unsubscribe?.();
    },
  };
};

export const createStreams = ({ options, store, accept }: Parts): Streams => {
  const { random, secret } = options;
  const { seal, open } = createSeal(secret, 'presence stream 1');
  const streams = new Map<string, EventStream>();
  const kept = createKeptStreams();
  let isOver = false;

  const drain = (): void => {
    isOver = true;
    kept.closeAll(CLOSE.restart, 'restart');
  };

  const takeHere = (passed: PassedOn): boolean => {
    const stream = streams.get(passed.id);
    if (stream) take(stream, passed);
    return stream !== undefined;
  };
  const inbox = createInbox(store, takeHere);

  return {
    open: async ({ frames }) => {
      const texts = textsOf(frames);
      await inbox.open();
      const id = random.id();
      const stream = new EventStream(() => streams.delete(id));
      streams.set(id, stream);
      stream.say({ name: 'stream', content: seal(id) });
      stream.events = accept(stream);
      for (const text of texts) stream.events.message(text);
      return stream;
    },
    post: async ({ stream, seq, frames = [], pongs = [] }) => {
      const id = open(stream);
      if (typeof id !== 'string') throw noStream();
      const passed: PassedOn = { id, seq, texts: textsOf(frames), pongs };
      if (takeHere(passed)) return;
      if (store.isLocal) throw noStream();
      await store.signal(INBOX, passed);
    },
    keep: (stream, reader) => {
      if (!isOver) kept.add(stream, reader);
      return !isOver;
    },
    drain,
    close: inbox.close,
  };
};
