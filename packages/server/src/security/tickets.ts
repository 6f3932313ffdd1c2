import { PresenceError, type Clock, type Random } from '@presence/core';
import { LIMITS } from '@presence/core/protocol';
import type { ResolvedPrincipal } from '../types.ts';
import { createSeal } from './seal.ts';
import type { Tickets } from './types.ts';

/** How long a ticket can be shown. */
export const TICKET_MS = 10_000;

/**
 * By how much the clocks of two nodes may differ: a ticket from further ahead is refused, and a
 * spent one is remembered for so much longer, so that a slower node does not take it again.
 */
const SKEW_MS = 60_000;

interface Content {
  readonly id: string;
  readonly principal: ResolvedPrincipal;
  readonly at: number;
  readonly until: number;
}

const invalid = (what: string): PresenceError =>
  new PresenceError('ticket_invalid', `The ticket ${what}. Fetch a new one from POST /ticket.`);

const contentOf = (principal: ResolvedPrincipal): ResolvedPrincipal => {
  const { tenant, userId, roles, rooms, issuedAt, expiresAt } = principal;
  // Named one by one: whatever else the application put into its principal stays in this process.
  return { tenant, userId, roles, rooms, issuedAt, expiresAt };
};

/** One-time tickets, signed with a key derived from `secret`; nodes that share it take each other's. */
export const createTickets = (parts: {
  readonly secret: string;
  readonly clock: Clock;
  readonly random: Random;
}): Tickets => {
  const { clock, random } = parts;
  const { seal, open } = createSeal(parts.secret, 'presence ticket 1');

  return {
    issue: (principal) => {
      const at = clock.now();
      const until = Math.min(at + TICKET_MS, principal.expiresAt ?? Infinity);
      const content: Content = { id: random.id(), principal: contentOf(principal), at, until };
      const ticket = seal(content);
      if (ticket.length > LIMITS.tokenLength) {
        throw new PresenceError(
          'invalid_options',
          `[presence/tickets] The principal is too large for a ticket: saw ${ticket.length} characters, at most ${LIMITS.tokenLength}. Return fewer rooms or roles from authenticate.`,
        );
      }
      return { ticket, expiresInMs: Math.max(0, until - at) };
    },
    redeem: (ticket) => {
      if (ticket.length > LIMITS.tokenLength) throw invalid('is too long');
      const content = open(ticket) as Content | undefined;
      if (content === undefined) throw invalid('is not one of this server');
      const now = clock.now();
      if (now >= content.until) throw invalid('has expired');
      if (content.at > now + SKEW_MS) throw invalid('is not valid yet');
      return {
        principal: content.principal,
        id: content.id,
        forMs: content.until - now + SKEW_MS,
        isSpent: false,
      };
    },
  };
};
