import type { Goodbye } from './context.ts';
import { createTimers } from './timers.ts';
import { network } from './transports/failures.ts';
import type {
  Carrier,
  LinkContext,
  Opened,
  OpenLink,
  PresenceLink,
} from './transports/presence-link.ts';
import { openSocketLink } from './transports/socket-link.ts';
import { packed } from './watches.ts';
import { SOCKET_FAILURES } from './numbers.ts';

const given = { packed, openSocketLink, createTimers };

type Told = 'sessionId' | 'timers' | 'opened' | 'lost';

export interface ConnectorContext extends Omit<LinkContext, Told> {
  opened(said: Opened, carrier: Carrier): void;
  /** The link has ended, or could not be opened. */
  lost(failure: Parameters<LinkContext['lost']>[0], goodUntil: number, movedMs?: number): void;
}

/** Opens one link at a time, by what gets through. */
export interface Connector {
  open(sessionId: string | undefined): void;
  /** The link that is open. */
  link(): PresenceLink | null;
  /** @returns what carried it */
  close(reason?: Goodbye['reason']): Carrier | null;
}

export const createConnector = (context: ConnectorContext): Connector => {
  const { options, load, clock } = context;
  const { transport = 'auto' } = options;
  let socketFailures = 0;
  let link: PresenceLink | null = null;
  let carrier: Carrier | null = null;
  /** Names what `link` is, or will be once its code is loaded. */
  let current: object | null = null;

  const close: Connector['close'] = (reason) => {
    const by = carrier;
    link?.close(by ? reason : undefined);
    link = carrier = current = null;
    return by;
  };
  const open: Connector['open'] = (sessionId) => {
    close();
    const attempt = (current = {});
    const lost: LinkContext['lost'] = (failure, goodUntil, reached, movedMs) => {
      if (current !== attempt) return;
      if (!carrier && reached && failure?.code === 'network') socketFailures += 1;
      link = carrier = current = null;
      context.lost(failure, goodUntil, movedMs);
    };
    const start = (openLink: OpenLink): void => {
      // Another may have taken its place while the code was loading.
      if (current !== attempt) return;
      link = openLink({
        ...context,
        sessionId,
        timers: createTimers(clock),
        lost,
        opened(said, by, other = link!) {
          link = other;
          carrier = by;
          if (by === 'websocket') socketFailures = 0;
          context.opened(said, by);
        },
      });
    };
    if (transport === 'websocket' || (transport === 'auto' && socketFailures < SOCKET_FAILURES)) {
      return start(openSocketLink);
    }
    load.http().then(
      ({ openFallback }) => start((own) => openFallback(own, given)),
      (error) => {
        // Perhaps a socket gets through by now.
        socketFailures = 0;
        lost(network(error), clock.now(), false);
      },
    );
  };
  return { open, close, link: () => (carrier ? link : null) };
};
