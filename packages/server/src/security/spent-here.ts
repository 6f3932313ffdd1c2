import { PresenceError, type Clock } from '@presence/core';
import type { Tickets } from './types.ts';

/**
 * Spends tickets in this process, where no other node could take them: the records of users need
 * not remember them then. What was shown is kept until it could not be shown again.
 */
export const spendHere = (tickets: Tickets, clock: Clock): Tickets => {
  /** Ticket to the instant from which it is refused anyway; about in that order. */
  const spent = new Map<string, number>();

  const forgetOld = (now: number): void => {
    for (const [id, until] of spent) {
      if (until > now) return;
      spent.delete(id);
    }
  };

  return {
    issue: tickets.issue,
    redeem: (ticket) => {
      const redeemed = tickets.redeem(ticket);
      const now = clock.now();
      forgetOld(now);
      if (spent.has(redeemed.id)) {
        throw new PresenceError(
          'ticket_invalid',
          'This ticket was used before. Fetch a fresh one.',
        );
      }
      spent.set(redeemed.id, now + redeemed.forMs);
      return { ...redeemed, isSpent: true };
    },
  };
};
