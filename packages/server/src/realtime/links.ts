import type { Buffer } from 'node:buffer';
import type { Node } from '../context.ts';
import type { Attend } from './attention.ts';
import { errorOf, type Ending } from './ending.ts';
import { heard } from './keep-alive.ts';
import { createLink, type Link } from './link.ts';
import type { LiveTime } from './live-time.ts';
import type { Outbox } from './outbox.ts';
import type { Connection } from './types.ts';
import { createWheel, type Wheel } from './wheel.ts';

/** Every connection of this node, and what arrives on them. */
export interface Links {
  /** `null`: this node takes no more. */
  accept(connection: Connection): Link | null;
  /** A text frame, or its bytes. */
  message(link: Link, content: string | Buffer): void;
  binary(link: Link): void;
  ping(link: Link, payload: Uint8Array): void;
  pong(link: Link, marker: string): void;
  /** Frees everything that the node keeps for a link, once. */
  forget(link: Link): void;
  all(): readonly Link[];
  readonly size: number;
  readonly wheel: Wheel<Link>;
  /** Resolves when there are none. */
  empty(): Promise<void>;
  stop(): void;
}

interface Parts {
  readonly node: Node;
  readonly time: LiveTime;
  readonly outbox: Outbox;
  readonly ending: Ending;
  readonly attend: Attend;
  act(link: Link, content: string | Buffer): void;
}

const SECOND = 1000;

const createFrameRate = ({ node, time, ending }: Parts) => {
  const { limits } = node.options;

  /** Whether the link may send one more frame. A frame refused is the end of the link. */
  return (link: Link): boolean => {
    if (link.phase === 'closed') return false;
    const now = time.now();
    heard(link, now);
    const { framesPerSecond } = limits;
    const refilled = ((now - link.framesAt) * framesPerSecond) / SECOND;
    if (refilled >= 1) {
      link.frames = Math.min(framesPerSecond, link.frames + Math.floor(refilled));
      link.framesAt = now;
    }
    link.frames -= 1;
    if (link.frames >= 0) return true;
    ending.fail(
      link,
      errorOf('rate_limited', `A connection may send ${framesPerSecond} frames a second.`),
    );
    return false;
  };
};

export const createLinks = (parts: Parts): Links => {
  const { node, time, outbox, ending, attend, act } = parts;
  const takeFrame = createFrameRate(parts);
  const { limits } = node.options;
  let size = 0;
  let waiting: (() => void)[] = [];

  const wheel = createWheel<Link>(time, (link) => attend(link, wheel));

  return {
    accept: (connection) => {
      if (node.isDraining()) return null;
      const now = time.now();
      const link = createLink(connection, now, limits.framesPerSecond);
      size += 1;
      wheel.set(link, now + limits.helloMs);
      return link;
    },
    message: (link, content) => {
      if (takeFrame(link)) act(link, content);
    },
    binary: (link) => {
      if (!takeFrame(link)) return;
      ending.fail(link, errorOf('invalid_frame', 'Frames are text: send JSON.'));
    },
    ping: (link, payload) => {
      if (takeFrame(link)) link.connection.pong(payload);
    },
    pong: (link, marker) => {
      if (link.phase === 'closed') return;
      const isAsked = link.pingedAt >= 0 || link.isMarkerOut;
      if (!isAsked && !takeFrame(link)) return;
      heard(link, time.now());
      if (marker !== '') outbox.acknowledged(link);
    },
    forget: (link) => {
      wheel.cancel(link);
      size -= 1;
      if (size > 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    // Each of them waits there for something until it is forgotten.
    all: () => [...wheel.all()],
    get size() {
      return size;
    },
    wheel,
    empty: () => (size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    stop: wheel.stop,
  };
};
