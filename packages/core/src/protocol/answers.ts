import { z } from 'zod';
import { ERRORS, type ErrorBody, type ErrorCode } from '../errors.ts';
import type { Explanation } from '../explain.ts';
import type { CompactRow, FullRow, Presence } from '../project.ts';
import { ACCOUNTS, STATUSES, type Account, type Status } from '../status.ts';
import type {
  ClientPolicy,
  CountAnswer,
  HeartbeatResponse,
  Me,
  OnlineAnswer,
  TicketAnswer,
  UsersAnswer,
  WireClaim,
} from './messages.ts';

/*
 * What servers say, as schemas for the description of the API. Nothing is checked by them at run
 * time but by tests: shapes may gain fields, and a client skips those that it does not know.
 */

export const statusName = z.enum(STATUSES as readonly [Status, ...Status[]]);
const accountName = z.enum(ACCOUNTS as readonly [Account, ...Account[]]);
const visibilityName = z.enum(['visible', 'hidden']);
const errorCode = z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]);

/** Epoch milliseconds, a version, a count or a duration. */
export const count = z.int().min(0);
export const text = z.string();
export const byStatus = z.object({
  online: count,
  away: count,
  busy: count,
  dnd: count,
  offline: count,
});

export const errorAnswerSchema: z.ZodType<{ readonly error: ErrorBody }> = z.object({
  error: z.object({ code: errorCode, message: text }),
});

export const details = {
  lastActiveAt: count.exactOptional(),
  message: text.exactOptional(),
  emoji: text.exactOptional(),
  devices: z.array(text).exactOptional(),
};

export const presenceSchema: z.ZodType<Presence> = z.object({
  userId: text,
  status: statusName,
  since: count.nullable(),
  lastSeenAt: count.nullable(),
  ...details,
  version: count,
});

export const compactRowSchema: z.ZodType<CompactRow> = z.tuple([text, statusName, count]);

export const fullRowSchema: z.ZodType<FullRow> = z.tuple([
  text,
  statusName,
  count,
  count.nullable(),
  count.nullable(),
  z.object(details).exactOptional(),
]);

export const claimSchema: z.ZodType<WireClaim> = z.object({
  source: text,
  status: statusName,
  message: text.exactOptional(),
  emoji: text.exactOptional(),
  until: count.exactOptional(),
});

/** The fields of {@link Me}. */
export const me = {
  presence: presenceSchema,
  claims: z.array(claimSchema),
  visibility: visibilityName,
  account: accountName,
};

export const meSchema: z.ZodType<Me> = z.object(me);

export const clientPolicySchema: z.ZodType<ClientPolicy> = z.object({
  awayAfterMs: count,
  offlineAfterIdleMs: count,
  heartbeatMs: count,
  hiddenHeartbeatMs: count,
  pingMs: count,
  pongTimeoutMs: count,
  staleAfterMs: count,
});

export const heartbeatAnswerSchema: z.ZodType<HeartbeatResponse> = z.object({
  sessionId: text,
  userId: text,
  status: statusName,
  version: count,
  nextBeatMs: count,
  leaseMs: count,
  asOf: count,
  generation: count.exactOptional(),
  leaveToken: text.exactOptional(),
  policy: clientPolicySchema.exactOptional(),
});

export const usersAnswerSchema: z.ZodType<UsersAnswer> = z.object({
  presences: z.array(presenceSchema),
  asOf: count,
  staleAfterMs: count,
});

export const onlineAnswerSchema: z.ZodType<OnlineAnswer> = z.object({
  presences: z.array(presenceSchema),
  asOf: count,
  nextCursor: text.exactOptional(),
});

export const countAnswerSchema: z.ZodType<CountAnswer> = z.object({ count, byStatus, asOf: count });

export const ticketAnswerSchema: z.ZodType<TicketAnswer> = z.object({
  ticket: text,
  expiresInMs: count,
});

const explainedClaim = z.object({
  source: text,
  status: statusName,
  priority: z.int(),
  message: text.nullable(),
  emoji: text.nullable(),
  until: count.nullable(),
  setAt: count,
  holdsAbsent: z.boolean(),
  wins: z.boolean(),
  why: text,
});

const explainedSession = z.object({
  id: text,
  via: z.enum(['socket', 'http']),
  device: text.nullable(),
  activity: z.enum(['active', 'idle']),
  idleSince: count.nullable(),
  openedAt: count,
  leaseEndsAt: count.nullable(),
  endsAt: count.nullable(),
});

const CAUSES = [
  'opened',
  'touched',
  'activity',
  'idle-too-long',
  'lease-ended',
  'link-lost',
  'page-closed',
  'signed-out',
  'replaced',
  'claimed',
  'released',
  'claim-ended',
  'hidden',
  'visible',
  'account',
] as const;

export const stepSchema = z.object({
  revision: count,
  version: count,
  status: statusName,
  at: count,
  cause: z.enum(CAUSES),
});

export const explanationSchema: z.ZodType<Explanation> = z.object({
  userId: text,
  at: count,
  status: statusName,
  publicStatus: statusName,
  since: count.nullable(),
  by: z.enum(['account', 'absent', 'claim', 'activity', 'idle-too-long', 'idle']),
  account: accountName,
  visibility: visibilityName,
  claims: z.array(explainedClaim),
  sessions: z.array(explainedSession),
  next: z.object({ at: count, status: statusName, cause: text }).nullable(),
  transitions: z.array(stepSchema),
  sentences: z.array(text),
});
