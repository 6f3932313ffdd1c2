import { PresenceError, type Clock, type Random } from '@presence/core';
import { TICKET_MS } from './tickets.ts';
import type { Tickets } from './types.ts';
import type { ResolvedPrincipal } from '../types.ts';

interface Kept {
  readonly principal: ResolvedPrincipal;
  readonly until: number;
}

/**
 * Tickets for a store in this process, which no other node shares: each is a name for what is kept
 * here, and gone with its first use. Nothing needs to be signed, and no record has to remember it.
 */
export const createKeptTickets = (parts: {
  readonly clock: Clock;
  readonly random: Random;
}): Tickets => {
  const { clock, random } = parts;
  /** In the order in which they were issued. */
  const kept = new Map<string, Kept>();

  const forgetOld = (now: number): void => {
    for (const [id, { until }] of kept) {
      if (until > now) return;
      kept.delete(id);
    }
  };

  return {
    issue: (principal) => {
      const now = clock.now();
      forgetOld(now);
      const until = Math.min(now + TICKET_MS, principal.expiresAt ?? Infinity);
      const id = random.id();
      kept.set(id, { principal, until });
      return { ticket: id, expiresInMs: Math.max(0, until - now) };
    },
    redeem: (ticket) => {
      const found = kept.get(ticket);
      kept.delete(ticket);
      const now = clock.now();
      if (found === undefined || now >= found.until) {
        throw new PresenceError(
          'ticket_invalid',
          'The ticket has expired, was used before, or is not one of this server. Fetch a new one from POST /ticket.',
        );
      }
      return { principal: found.principal, id: ticket, forMs: found.until - now, isSpent: true };
    },
  };
};
