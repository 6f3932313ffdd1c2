import { PresenceError } from '@presence/core';
import { createSeal } from './seal.ts';
import type { LeaveTokens } from './types.ts';

type Content = readonly [tenant: string, userId: string, sessionId: string, generation: number];

/**
 * Lets a closing page say goodbye without a login. It never expires: it is good for one connection
 * of one session, and for nothing but ending it.
 */
export const createLeaveTokens = (parts: { readonly secret: string }): LeaveTokens => {
  const { seal, open } = createSeal(parts.secret, 'presence leave token 1');
  return {
    issue: ({ key, sessionId, generation }) => {
      const content: Content = [key.tenant, key.userId, sessionId, generation];
      return seal(content);
    },
    open: (token) => {
      const content = open(token) as Content | undefined;
      if (content === undefined) {
        throw new PresenceError(
          'leave_token_invalid',
          'The leave token is not one of this server. Send the leaveToken that came with the session.',
        );
      }
      const [tenant, userId, sessionId, generation] = content;
      return { key: { tenant, userId }, sessionId, generation };
    },
  };
};
