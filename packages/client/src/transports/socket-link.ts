import { ERRORS, PresenceError } from '@presence/core';
import type { ServerFrame } from '@presence/core/protocol';
import { createFrameReader } from './frame-facts.ts';
import {
  activityFrame,
  type LinkContext,
  type PresenceLink,
  type PresenceLinkEvents,
} from './presence-link.ts';
import { network } from './request.ts';
import { openSocket } from './socket.ts';
import { createWatchSender } from './watch-sender.ts';

const ACK_MS = 10_000;

/** The realtime protocol over a WebSocket. */
export const openSocketLink = (context: LinkContext, events: PresenceLinkEvents): PresenceLink => {
  const { clock } = context;
  const factsOf = createFrameReader();
  let heardAt = clock.now();
  let probing = false;

  const read = (frame: ServerFrame): void => {
    heardAt = clock.now();
    switch (frame.type) {
      case 'welcome':
        socket.welcomed();
        events.opened(frame);
        return watches.sync();
      case 'me':
        return events.facts({ me: frame });
      case 'snapshot':
      case 'changes': {
        const facts = factsOf(frame);
        return facts ? events.facts(facts) : undefined;
      }
      case 'reconnect':
        socket.finish();
        return events.moved(frame.afterMs);
      case 'error':
        // What ends the link is told by its close.
        if (ERRORS[frame.code]?.closeCode) return;
        return events.error(new PresenceError(frame.code, frame.message));
      case 'ack':
    }
  };
  const socket = openSocket(context, {
    frame: read,
    lost: (failure, reached) =>
      events.lost(failure, { goodUntil: probing ? heardAt : clock.now(), reached }),
  });
  const watches = createWatchSender(socket, context.demand, events.error);

  /** Every report of activity proves the link as well: its acknowledgement must come. */
  const activity = (idleMs: number | null): void => {
    const sentAt = clock.now();
    const wait = socket.timers.after(ACK_MS, () => {
      probing = true;
      // So late a timer means that this machine slept: the answer may be waiting behind it.
      if (clock.now() - sentAt > 2 * ACK_MS) activity(context.idleMs());
      else socket.end(network('The server does not answer.'));
    });
    socket.send(activityFrame(idleMs), () => {
      wait();
      probing = false;
      heardAt = clock.now();
    });
  };

  return {
    activity,
    probe: () => activity(context.idleMs()),
    demand: () => watches.sync(),
    submit: (command, done) => socket.send(command, done),
    heardAt: () => heardAt,
    close(reason) {
      if (reason) socket.send({ type: 'bye', reason });
      socket.finish();
    },
  };
};
