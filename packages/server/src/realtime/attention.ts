import type { Node } from '../context.ts';
import type { Activity } from './activity.ts';
import { CLOSE, errorOf, type Ending } from './ending.ts';
import { look } from './keep-alive.ts';
import type { Link } from './link.ts';
import type { LiveTime } from './live-time.ts';
import type { Outbox } from './outbox.ts';

import type { Wheel } from './wheel.ts';

/** After its login ended, or the node began to drain, a client has so long to go by itself. */
export const GO_MS = 2000;

/** A session that could not be opened for so long will not be: the client tries again. */
export const OPENING_MS = 10_000;

interface Parts {
  readonly node: Node;
  readonly time: LiveTime;
  readonly outbox: Outbox;
  readonly ending: Ending;
  readonly activity: Activity;
}

/** Looks after one link: everything that time asks of it, and when to look again. */
export type Attend = (link: Link, wheel: Wheel<Link>) => void;

export const createAttention = ({ node, time, outbox, ending, activity }: Parts): Attend => {
  const { clock } = node.options;

  const hasEnded = (link: Link): boolean => {
    const expiresAt = link.held?.principal.expiresAt;
    return expiresAt !== undefined && expiresAt <= clock.now();
  };

  /** The login has ended: a fresh ticket resumes the session. */
  const askBack = (link: Link, now: number): void => {
    if (link.closeBy >= 0 || !hasEnded(link)) return;
    link.phase = 'closing';
    link.closeBy = now + GO_MS;
    outbox.tell(link, { type: 'reconnect', afterMs: 0 });
  };

  /** Whether the link was closed. */
  const isOver = (link: Link, now: number): boolean => {
    const slowAt = outbox.tooSlowAt(link);
    if (slowAt >= 0 && now >= slowAt) {
      ending.fail(link, errorOf('too_slow'));
    } else if (link.closeBy >= 0 && now >= link.closeBy) {
      if (hasEnded(link)) ending.fail(link, errorOf('unauthenticated'));
      else ending.close(link, CLOSE.restart, 'restart');
    }
    return link.phase === 'closed';
  };

  const nextOf = (link: Link, pingAt: number): number => {
    const { held, closeBy } = link;
    let next = pingAt;
    if (closeBy >= 0) next = Math.min(next, closeBy);
    const slowAt = outbox.tooSlowAt(link);
    if (slowAt >= 0) next = Math.min(next, slowAt);
    if (!held) return next;
    next = Math.min(next, activity.silentAt(held));
    const { expiresAt } = held.principal;
    if (expiresAt === undefined || closeBy >= 0) return next;
    return Math.min(next, time.now() + expiresAt - clock.now());
  };

  return (link, wheel) => {
    const now = time.now();
    const { held, phase } = link;
    if (phase === 'closed') return;
    if (phase === 'opening') return ending.fail(link, errorOf('store_unavailable'));
    if (phase === 'fresh' || !held) return ending.fail(link, errorOf('hello_timeout'));
    if (now >= activity.silentAt(held)) activity.silent(held);
    askBack(link, now);
    if (isOver(link, now)) return;
    const { isLost, nextAt } = look(link, now, held.hub.policy);
    if (isLost) ending.cut(link);
    else wheel.set(link, nextOf(link, nextAt));
  };
};
