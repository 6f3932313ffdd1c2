import type { Buffer } from 'node:buffer';
import { errorBody, kindOf } from '@presence/core';
import type { HelloFrame } from '@presence/core/protocol';
import type { Node } from '../context.ts';
import { noteRefusal } from '../metrics/refusals.ts';
import type { Activity } from './activity.ts';
import { createTravelling, errorOf, type Ending } from './ending.ts';
import { isOpen, type Link } from './link.ts';
import type { Outbox } from './outbox.ts';
import type { OwnFrames } from './own-frames.ts';
import { createOwnRoomFrames } from './own-room-frames.ts';
import { readFrame, type Frame } from './read-frame.ts';
import { createWatchFrames } from './watch-frames.ts';

/** Frames of one link that may wait for each other; a client has no reason for more. */
const MOST_WAITING = 64;

interface Parts {
  readonly node: Node;
  readonly outbox: Outbox;
  readonly ending: Ending;
  readonly activity: Activity;
  readonly own: OwnFrames;
  open(link: Link, hello: HelloFrame): Promise<void>;
}

/** What a frame of each type does. */
const createActs = ({ node, activity, own, open }: Parts) => {
  const watches = createWatchFrames(node.options.authorize);
  const rooms = createOwnRoomFrames(node);
  return async (link: Link, frame: Frame): Promise<void> => {
    const { held } = link;
    if (frame.type === 'hello') return open(link, frame);
    if (!held) return;
    switch (frame.type) {
      case 'activity':
        return activity.heard(held, frame);
      case 'status':
        return own.status(held, frame);
      case 'visibility':
        return own.visibility(held, frame);
      case 'watch':
        return watches.watch(link, held, frame);
      case 'unwatch':
        return watches.unwatch(link, held, frame.id);
      case 'join':
        return rooms.join(held, frame);
      case 'leave':
        return rooms.leave(held, frame);
      case 'typing':
        return rooms.typing(held, frame);
      case 'bye':
        return own.bye(held, frame);
    }
  };
};

/** Acts on what clients send: one frame of a link after the other, in order. */
export const createDispatch = (parts: Parts) => {
  const { node, outbox, ending } = parts;
  const travelling = createTravelling(node.options.logger, node.options.clock);
  const act = createActs(parts);

  const refuse = (link: Link, error: unknown, ref: number | undefined): void => {
    const said = travelling(error);
    const { closeCode, retryable } = kindOf(said);
    if (closeCode > 0 || !isOpen(link)) return ending.fail(link, said);
    noteRefusal(node.tally, 'socket', said.code);
    outbox.tell(link, {
      type: 'error',
      ...errorBody(said),
      retryable,
      ...(ref !== undefined && { ref }),
    });
  };

  const answer = async (link: Link, frame: Frame): Promise<void> => {
    if (link.phase === 'closed') return;
    try {
      await act(link, frame);
      if (frame.ref !== undefined) outbox.tell(link, { type: 'ack', ref: frame.ref });
    } catch (error) {
      refuse(link, error, frame.ref);
    }
  };

  const inOrder = (link: Link, frame: Frame): void => {
    if (link.working >= MOST_WAITING) return ending.fail(link, errorOf('rate_limited'));
    link.working += 1;
    const before = link.work;
    const work = (before ? before.then(() => answer(link, frame)) : answer(link, frame)).finally(
      () => {
        link.working -= 1;
        if (link.work === work) link.work = null;
      },
    );
    link.work = work;
  };

  return (link: Link, content: string | Buffer): void => {
    try {
      const read = readFrame(content);
      if (!read.ok && link.phase !== 'fresh') return refuse(link, read.error, read.ref);
      if (!read.ok) throw errorOf('invalid_frame', 'The first frame must be a hello.');
      const { frame } = read;
      const isHello = frame.type === 'hello';
      if (link.phase === 'fresh' && !isHello) {
        throw errorOf('invalid_frame', 'The first frame must be a hello.');
      }
      if (link.phase !== 'fresh' && isHello) {
        throw errorOf('invalid_frame', 'A connection says hello once.');
      }
      if (isHello) link.phase = 'opening';
      inOrder(link, frame);
    } catch (error) {
      ending.fail(link, travelling(error));
    }
  };
};
