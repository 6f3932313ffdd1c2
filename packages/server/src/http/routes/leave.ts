import { PresenceError, type Key, type Leave } from '@presence/core';
import { leaveSchema, LIMITS, type LeaveRequest } from '@presence/core/protocol';
import { NO_CONTENT } from '../answers.ts';
import { openRoute, type OpenCall } from '../route.ts';

type Call = OpenCall<LeaveRequest>;

/** Whose session, and which of its connections: the token says it, or the login. */
const leaving = async ({ node, body, signIn }: Call): Promise<[Key, number | null]> => {
  if (body.leaveToken === undefined) return [(await signIn()).key, null];
  const right = node.leaveTokens.open(body.leaveToken);
  if (right.sessionId !== body.sessionId) {
    throw new PresenceError(
      'leave_token_invalid',
      'The leave token is of another session. Send the one that came with this session.',
    );
  }
  return [right.key, right.generation];
};

const wayOfLeaving = (
  reason: LeaveRequest['reason'],
  closedMs: number,
): Pick<Leave, 'graceMs' | 'cause'> =>
  reason === 'closed'
    ? { graceMs: closedMs, cause: 'page-closed' }
    : { graceMs: 0, cause: 'signed-out' };

/** With a leave token it needs neither login nor origin: a closing page's beacon carries no header. */
export const leave = openRoute({
  method: 'POST',
  path: '/leave',
  login: 'by-the-route',
  limit: 'address',
  body: { schema: leaveSchema, maxBytes: LIMITS.bodyBytes, acceptsText: true },
  run: async (call: Call) => {
    const [key, generation] = await leaving(call);
    const { engine } = call.node;
    const { sessionId, reason } = call.body;
    await engine.execute(key, {
      type: 'leave',
      sessionId,
      generation,
      ...wayOfLeaving(reason, engine.policyOf(key.tenant).grace.closedMs),
    });
    return NO_CONTENT;
  },
});
