import type { ChangesFrame, ServerFrame, SnapshotFrame } from '@presence/core/protocol';
import type { RoomFrame } from '../facts.ts';
import { network } from './failures.ts';
import { createFrameReader } from './frame-facts.ts';
import type { OpenLink } from './presence-link.ts';
import { openSocket } from './socket.ts';
import { createWatchSender } from './watch-sender.ts';
import { ACK_MS } from '../numbers.ts';

/** The realtime protocol over a WebSocket. */
export const openSocketLink: OpenLink = (context) => {
  const { clock, timers, idleForMs, learn, opened, lost } = context;
  const factsOf = createFrameReader();
  let heardAt = clock.now();
  let probing = false;
  const wasIdle = idleForMs() !== undefined;

  const take = (frame: ServerFrame): void => {
    heardAt = clock.now();
    if (frame.type === 'welcome') {
      timers.cancel('connect');
      opened(frame, 'websocket');
      sync();
      // Not what the login said any more.
      if ((idleForMs() !== undefined) !== wasIdle) report();
    } else if (frame.type === 'me') learn({ me: frame });
    else if ((frame as RoomFrame).room) learn({ rooms: [frame as RoomFrame] });
    else if ((frame as ChangesFrame).presences)
      learn(factsOf(frame as SnapshotFrame | ChangesFrame));
    else if (frame.type === 'reconnect') end(null, frame.afterMs);
  };
  const { send, end, finish } = openSocket(context, take, (failure, reached, movedMs) =>
    lost(failure, probing ? heardAt : clock.now(), reached, movedMs),
  );
  const sync = createWatchSender(send, context);

  const report = (): void => {
    const sentAt = clock.now();
    const idleMs = idleForMs();
    const cancel = timers.after(ACK_MS, () => {
      probing = true;
      // So late a timer means that this machine slept: the answer may be waiting behind it.
      if (clock.now() - sentAt > 2 * ACK_MS) report();
      else end(network('The server does not answer.'));
    });
    const state = idleMs === undefined ? 'active' : 'idle';
    send({ type: 'activity', state, idleMs }, () => {
      cancel();
      probing = false;
      heardAt = clock.now();
    });
  };

  return {
    report,
    demand: sync,
    submit: ({ command, done }) => send(command, done),
    heardAt: () => heardAt,
    close(reason) {
      if (reason) send({ type: 'bye', reason });
      finish();
    },
  };
};
