import {
  LIMITS,
  type ClientFrame,
  type HelloFrame,
  type WatchFrame,
} from '@presence/core/protocol';
import { PresenceError } from '@presence/core';
import type { Node } from '../context.ts';
import { errorOf, travelling, type Ending } from './ending.ts';
import type { Held } from './held.ts';
import { isOpen, type Link } from './link.ts';
import type { Outbox } from './outbox.ts';
import type { OwnFrames } from './own-frames.ts';
import { readFrame } from './read-frame.ts';

/** Frames of one link that may wait for each other; a client has no reason for more. */
const MOST_WAITING = 64;

interface Parts {
  readonly node: Node;
  readonly outbox: Outbox;
  readonly ending: Ending;
  readonly own: OwnFrames;
  open(link: Link, hello: HelloFrame): Promise<void>;
}

const invalid = (message: string): PresenceError => new PresenceError('invalid_request', message);

/** Acts on what clients send: one frame of a link after the other, in order. */
export const createDispatch = ({ node, outbox, ending, own, open }: Parts) => {
  const { authorize, logger } = node.options;

  /** Users whom the viewer may not see read as users who were never seen: their ids go unwatched. */
  const visible = async (held: Held, userIds: readonly string[]): Promise<readonly string[]> => {
    const { tenant } = held.key;
    const answers = userIds.map((userId) =>
      authorize(held.principal, 'users:read', { tenant, userId }),
    );
    if (answers.every((answer) => answer === true)) return userIds;
    const allowed = await Promise.all(answers);
    return userIds.filter((_, index) => allowed[index] === true);
  };

  const watchTenant = async (link: Link, held: Held, id: string): Promise<void> => {
    const { tenant } = held.key;
    if (link.watches.some((watch) => watch.id === id)) {
      throw invalid('A watch with this id exists. Unwatch it first, or choose another id.');
    }
    if (!(await authorize(held.principal, 'online:read', { tenant }))) throw errorOf('forbidden');
    await held.hub.watching.tenant(link, id);
  };

  const watchUsers = async (link: Link, held: Held, frame: WatchFrame): Promise<void> => {
    const { id, add = [], remove = [] } = frame;
    const watch = link.watches.find((other) => other.id === id);
    if (watch?.isTenant) throw invalid('The watch with this id is about the tenant.');
    const before = watch?.group.entries.length ?? 0;
    if (before + add.length > LIMITS.watchUsers + remove.length) {
      throw invalid(`A watch holds at most ${LIMITS.watchUsers} users. Begin another one.`);
    }
    await held.hub.watching.users(link, id, await visible(held, add), remove);
  };

  const watch = async (link: Link, held: Held, frame: WatchFrame): Promise<void> => {
    if (link.slow !== null) throw errorOf('too_slow');
    const isNew = !link.watches.some(({ id }) => id === frame.id);
    if (isNew && link.watches.length >= LIMITS.watches) {
      throw invalid(`A connection holds at most ${LIMITS.watches} watches. End one first.`);
    }
    if (frame.tenant) await watchTenant(link, held, frame.id);
    else await watchUsers(link, held, frame);
  };

  const unwatch = (link: Link, held: Held, id: string): void => {
    const watch = link.watches.find((other) => other.id === id);
    if (watch) held.hub.watching.end(watch);
  };

  const act = async (link: Link, frame: ClientFrame): Promise<void> => {
    const { held } = link;
    if (frame.type === 'hello') return open(link, frame);
    if (!held) return;
    switch (frame.type) {
      case 'activity':
        return own.activity(held, frame);
      case 'status':
        return own.status(held, frame);
      case 'visibility':
        return own.visibility(held, frame);
      case 'watch':
        return watch(link, held, frame);
      case 'unwatch':
        return unwatch(link, held, frame.id);
      case 'bye':
        return own.bye(held, frame);
    }
  };

  const refuse = (link: Link, error: unknown, ref: number | undefined): void => {
    const said = travelling(error, logger);
    if (said.closeCode > 0 || !isOpen(link)) return ending.fail(link, said);
    outbox.tell(link, {
      type: 'error',
      ...said.toBody(),
      retryable: said.retryable,
      ...(ref !== undefined && { ref }),
    });
  };

  const answer = async (link: Link, frame: ClientFrame): Promise<void> => {
    if (link.phase === 'closed') return;
    try {
      await act(link, frame);
      if (frame.ref !== undefined) outbox.tell(link, { type: 'ack', ref: frame.ref });
    } catch (error) {
      refuse(link, error, frame.ref);
    }
  };

  const inOrder = (link: Link, frame: ClientFrame): void => {
    if (link.working >= MOST_WAITING) return ending.fail(link, errorOf('rate_limited'));
    link.working += 1;
    const before = link.work;
    const work = (before ? before.then(() => answer(link, frame)) : answer(link, frame)).then(
      () => {
        link.working -= 1;
        if (link.work === work) link.work = null;
      },
    );
    link.work = work;
  };

  return (link: Link, text: string): void => {
    try {
      const frame = readFrame(text);
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
      ending.fail(link, travelling(error, logger));
    }
  };
};
