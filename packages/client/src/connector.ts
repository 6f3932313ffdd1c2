import type { PresenceError } from '@presence/core';
import type { Facts } from './facts.ts';
import type { Carrier } from './retry.ts';
import { openHttpLink } from './transports/http-link.ts';
import type { LinkContext, Loss, Opened, PresenceLink } from './transports/presence-link.ts';
import type { Failure } from './transports/request.ts';
import { openSocketLink } from './transports/socket-link.ts';

interface Attempt {
  readonly carrier: Carrier;
  readonly link: PresenceLink;
}

export interface ConnectorEvents {
  opened(opened: Opened, attempt: Attempt): void;
  facts(facts: Facts): void;
  error(error: PresenceError): void;
  /** `held`: it had opened and was the one in use. */
  lost(failure: Failure, loss: Loss, carrier: Carrier, held: boolean): void;
  moved(afterMs: number): void;
}

/** The link in use, and the one that is being opened to take its place. */
export interface Connector {
  current(): Attempt | null;
  opening(): boolean;
  open(carrier: Carrier, sessionId: string | undefined): void;
  close(reason?: 'closed' | 'signed-out'): void;
}

export const createConnector = (
  context: Omit<LinkContext, 'sessionId'>,
  events: ConnectorEvents,
): Connector => {
  let current: Attempt | null = null;
  let candidate: Attempt | null = null;

  const close: Connector['close'] = (reason) => {
    candidate?.link.close(reason);
    current?.link.close(reason);
    candidate = current = null;
  };
  const open: Connector['open'] = (carrier, sessionId) => {
    candidate?.link.close();
    /** True if it was the one in use. */
    const over = (): boolean => {
      const held = current === attempt;
      if (held) current = null;
      else candidate = null;
      return held;
    };
    const openLink = carrier === 'http' ? openHttpLink : openSocketLink;
    // Links are opened by a request first, so none of these is called before `attempt` is there.
    const link = openLink(
      { ...context, sessionId },
      {
        opened(said) {
          current?.link.close();
          current = attempt;
          candidate = null;
          events.opened(said, attempt);
        },
        facts: events.facts,
        error: events.error,
        lost: (failure, loss) => events.lost(failure, loss, carrier, over()),
        moved(afterMs) {
          over();
          events.moved(afterMs);
        },
      },
    );
    const attempt: Attempt = { carrier, link };
    candidate = attempt;
  };
  return { current: () => current, opening: () => candidate !== null, open, close };
};
