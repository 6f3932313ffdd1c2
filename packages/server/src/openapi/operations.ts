import type { ErrorCode } from '@presence/core';
import type { MessageName } from '@presence/core/protocol';

/** What a route is for, which its row of the table does not say. */
export interface Operation {
  readonly summary: string;
  /** By status: the message, text of another type, a stream of events, or `null` for no body. */
  readonly answers: Readonly<Record<number, MessageName | 'text' | 'events' | 'object' | null>>;
  /** Besides those that its check, limit, body and query bring with them. */
  readonly errors: readonly ErrorCode[];
}

const operation = (
  summary: string,
  answer: Operation['answers'][number],
  errors: readonly ErrorCode[] = [],
): Operation => ({ summary, answers: { [answer === null ? 204 : 200]: answer }, errors });

const health = (summary: string): Operation => ({
  summary,
  answers: { 200: 'HealthAnswer', 503: 'HealthAnswer' },
  errors: [],
});

const adminWrite = (summary: string, ...errors: readonly ErrorCode[]): Operation =>
  operation(summary, 'AdminWriteAnswer', [
    'forbidden',
    'not_found',
    'precondition_failed',
    ...errors,
  ]);

/** By method and path. A test says which route of the table has none, and which of these has no route. */
export const OPERATIONS: Readonly<Record<string, Operation>> = Object.freeze({
  'POST /heartbeat': operation(
    'Opens a session, or keeps one alive until its lease ends.',
    'HeartbeatResponse',
    ['session_gone', 'draining'],
  ),
  'POST /leave': operation('Ends a session: at once, or after the grace of a closed page.', null, [
    'leave_token_invalid',
    'unauthenticated',
    'signed_out',
    'account_blocked',
    'origin_refused',
  ]),
  'GET /me': operation('The own view, with claims.', 'Me'),
  'PUT /me/status': operation('Declares a status for the user.', 'Me'),
  'DELETE /me/status': operation('Takes the declared status back.', 'Me'),
  'PUT /me/visibility': operation('Hides the user from others, or shows them again.', 'Me', [
    'forbidden',
  ]),
  'GET /users/:userId': operation('How one user is.', 'Presence', ['not_found']),
  'POST /users/query': operation(
    'How many users are, at most 500, in the order asked; who may not be seen is left out.',
    'UsersAnswer',
  ),
  'GET /online': operation(
    'Everybody who is not offline, by user id, page by page.',
    'OnlineAnswer',
    ['not_found'],
  ),
  'GET /online/count': operation('How many users have each status.', 'CountAnswer', ['not_found']),
  'GET /rooms/:room': operation(
    'Who is in a room, how many they are, and who of them types.',
    'RoomAnswer',
    ['not_found'],
  ),
  'POST /rooms/:room/join': operation(
    'Takes a session into a room, or changes what it says of itself there.',
    null,
    ['not_found', 'session_gone'],
  ),
  'POST /rooms/:room/leave': operation('Takes a session out of a room.', null, ['session_gone']),
  'POST /rooms/:room/typing': operation(
    'Tells a room that the user types, for seconds, or stopped.',
    null,
    ['not_found'],
  ),
  'POST /ticket': operation('What a socket logs in with: good once, for seconds.', 'TicketAnswer', [
    'draining',
  ]),
  'POST /stream': operation(
    'The realtime protocol as a stream of events, where no socket gets through. Its first frame, a `hello`, is the login.',
    'events',
    ['draining'],
  ),
  'POST /stream/frames': operation('Frames of a client, for a stream on any node.', null, [
    'not_found',
  ]),
  'GET /health/live': health('The process answers.'),
  'GET /health/ready': health('The node takes users: its store answers, and it does not drain.'),
  'GET /metrics': operation('Everything in the registry of metrics.', 'text', ['unauthenticated']),
  'GET /openapi.json': operation('This description.', 'object'),
  'GET /admin': operation('The dashboard: a page that asks the routes below.', 'text'),
  'GET /admin/assets/:name': operation('A file of the dashboard.', 'text', ['not_found']),
  'GET /admin/config': operation(
    'What the caller may do, and what the directory can look for.',
    'object',
    ['forbidden'],
  ),
  'GET /admin/users': operation(
    'Users by what is true, joined with the directory. Combinations that no index serves are 400.',
    'AdminUsersAnswer',
    ['forbidden'],
  ),
  'GET /admin/users/online': operation(
    'Everybody who is truly there, hidden or not.',
    'AdminUsersAnswer',
    ['forbidden'],
  ),
  'GET /admin/users/:userId': operation('One user, and why they are so.', 'AdminUserAnswer', [
    'forbidden',
    'not_found',
  ]),
  'GET /admin/stats': operation('Counts of the tenant, and figures of the node.', 'StatsAnswer', [
    'forbidden',
  ]),
  'POST /admin/stream': operation(
    'Everybody who is truly there as a stream of events: a snapshot, then changes, in compact rows.',
    'events',
    ['forbidden', 'draining'],
  ),
  'PUT /admin/users/:userId/status': adminWrite('Declares a status that wins over all others.'),
  'DELETE /admin/users/:userId/status': adminWrite('Takes the status of the admin back.'),
  'PUT /admin/users/:userId/account': adminWrite(
    'Blocks the account, which ends every session, or unblocks it.',
    'account_from_source',
  ),
  'POST /admin/users/:userId/disconnect': adminWrite(
    'Ends one session, or all of them and every login issued so far.',
  ),
  'GET /admin/users/:userId/history': operation(
    'What a user was when and why, the newest first, page by page. Each read is audited.',
    'HistoryAnswer',
    ['forbidden'],
  ),
  'GET /admin/users/:userId/history/export': operation(
    'The same as lines of JSON, the oldest first, at most 5,000. The header `link` names the next page.',
    'text',
    ['forbidden'],
  ),
  'DELETE /admin/users/:userId/history': operation(
    'Erases the history of a user, also the last transitions in the record.',
    'EraseHistoryAnswer',
    ['forbidden'],
  ),
  'GET /admin/users/:userId/insights': operation(
    'Time online of each day and the usual hours, by the clocks of a time zone. Audited.',
    'InsightsAnswer',
    ['forbidden'],
  ),
  'GET /admin/insights': operation(
    'How many were there together at most, each day. Audited.',
    'PeaksAnswer',
    ['forbidden'],
  ),
  'GET /admin/webhooks': operation(
    'Webhooks of this node, what waits of the tenant, and the last 100 that were given up.',
    'WebhooksAnswer',
    ['forbidden'],
  ),
  'POST /admin/webhooks/retry': operation(
    'Puts webhooks that were given up on their way again: all of one name, of a user, or one.',
    'WebhooksChangedAnswer',
    ['forbidden', 'not_found'],
  ),
  'POST /admin/webhooks/drop': operation(
    'Deletes webhooks that were given up: all of one name, of a user, or one.',
    'WebhooksChangedAnswer',
    ['forbidden', 'not_found'],
  ),
  'POST /admin/reap': operation('Commits what time has changed.', 'ReapAnswer', ['forbidden']),
});
