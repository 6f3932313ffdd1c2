import { isPresenceError, kindOf, type Cancel } from '@presence/core';
import type { Node } from '../../context.ts';
import { draining } from '../../http/draining.ts';
import { CLOSE, errorOf } from '../../realtime/ending.ts';
import { UNACKED_BYTES } from '../../realtime/outbox.ts';
import { sharedFrame } from '../../realtime/shared-frame.ts';
import { EventStream } from '../../realtime/streams/event-stream.ts';
import { checkStanding } from '../../security/standing.ts';
import type { ResolvedPrincipal } from '../../types.ts';
import { createTelling } from './telling.ts';

/** Closes as a socket would for the same reason. */
const fail = (stream: EventStream, error: unknown): void => {
  const known = isPresenceError(error) ? error : errorOf('internal');
  stream.close(kindOf(known).closeCode || CLOSE.tryAgainLater, known.code);
};

/** What ends with a stream. */
const createEnds = () => {
  const ends: Cancel[] = [];
  let isOver = false;
  return {
    add: (end: Cancel): void => {
      if (isOver) end();
      else ends.push(end);
    },
    all: (): void => {
      isOver = true;
      for (const end of ends.splice(0)) end();
    },
  };
};

/** The right to it lasts as long as the login, and as the admin is not blocked or signed out. */
const endWithLogin = (
  { options: { clock } }: Node,
  { expiresAt }: ResolvedPrincipal,
  stream: EventStream,
): Cancel =>
  expiresAt === undefined
    ? () => undefined
    : clock.after(expiresAt - clock.now(), () => fail(stream, errorOf('unauthenticated')));

/**
 * Everybody of the caller's tenant as they truly are, as compact rows: a snapshot, then changes. Nobody
 * becomes present by reading it. One admin has as many of them on a node as a user has sessions; the oldest ends for
 * another one.
 *
 * @throws PresenceError `draining`, `store_unavailable`
 */
export const openTrueStream = async (
  node: Node,
  principal: ResolvedPrincipal,
): Promise<EventStream> => {
  const { tenant, userId } = principal;
  const ends = createEnds();
  const stream = new EventStream(ends.all);
  const telling = createTelling(node, tenant, (frame) => {
    if (stream.queuedBytes > UNACKED_BYTES) fail(stream, errorOf('too_slow'));
    else stream.write(sharedFrame(JSON.stringify(frame)));
  });
  const list = (): void => {
    telling.list().catch((error: unknown) => fail(stream, error));
  };
  const most = node.options.policyOf(tenant).maxSessions;
  if (!node.streams.keep(stream, { key: { tenant, userId }, most })) throw draining();
  ends.add(telling.stop);
  ends.add(endWithLogin(node, principal, stream));
  ends.add(node.options.clock.every(node.options.policyOf(tenant).pingMs, () => stream.rest()));
  ends.add(
    await node.feed.listen(tenant, {
      change: ({ key, record, at }) => {
        telling.changed(key.userId, record, at);
        if (key.userId !== userId) return;
        try {
          checkStanding(principal, record);
        } catch (error) {
          fail(stream, error);
        }
      },
      gap: list,
    }),
  );
  list();
  return stream;
};
