import { z } from 'zod';
import { CLAIMABLE_STATUSES } from '../status.ts';
import { LIMITS } from './limits.ts';
import type {
  ClientFrame,
  HeartbeatRequest,
  LeaveRequest,
  StatusChange,
  UsersQuery,
} from './messages.ts';

/** No control characters and no lone surrogates: what one store takes, all of them take. */
const WELL_FORMED = /^[^\p{Cc}\p{Cs}]*$/u;

const text = (length: number) =>
  z
    .string()
    .max(length, `must be at most ${length} characters`)
    .regex(WELL_FORMED, 'must hold no control characters and no lone surrogates');

/** A user, session, room or watch id. */
export const idSchema = text(LIMITS.idLength).min(1, 'must not be empty');

const durationSchema = (most: number) =>
  z.number('must be a number of milliseconds').int().min(0).max(most);

const refSchema = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional();
const deviceSchema = text(LIMITS.deviceLength).min(1).optional();
const idleMsSchema = durationSchema(LIMITS.idleMs).optional();
const tokenSchema = z.string().min(1).max(LIMITS.tokenLength);
const reasonSchema = z.enum(['closed', 'signed-out']);
const visibilityValue = z.enum(['visible', 'hidden']);
const activityValue = z.enum(['active', 'idle']);

const claimed = {
  message: text(LIMITS.messageLength).optional(),
  emoji: text(LIMITS.emojiLength).optional(),
  forMs: durationSchema(LIMITS.claimMs).min(1).optional(),
};

const claimableStatus = z.enum(CLAIMABLE_STATUSES as [StatusChange['status']]);

/** `POST /heartbeat` */
export const heartbeatSchema: z.ZodType<HeartbeatRequest> = z.strictObject({
  sessionId: idSchema.optional(),
  seq: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  generation: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  activity: activityValue.optional(),
  idleMs: idleMsSchema,
  hidden: z.boolean().optional(),
  device: deviceSchema,
});

/** `POST /leave` */
export const leaveSchema: z.ZodType<LeaveRequest> = z.strictObject({
  sessionId: idSchema,
  leaveToken: tokenSchema.optional(),
  reason: reasonSchema,
});

/** `PUT /me/status` */
export const statusSchema: z.ZodType<StatusChange> = z.strictObject({
  status: claimableStatus,
  ...claimed,
});

/** `PUT /me/visibility` */
export const visibilitySchema = z.strictObject({ visibility: visibilityValue });

/** `POST /users/query` */
export const usersQuerySchema: z.ZodType<UsersQuery> = z.strictObject({
  userIds: z.array(idSchema).min(1).max(LIMITS.queryUsers),
});

/** Query strings: everything is text until here. */
export const onlineQuerySchema = z.strictObject({
  limit: z
    .string()
    .regex(/^[0-9]{1,3}$/, `must be a whole number from 1 to ${LIMITS.pageSize}`)
    .transform(Number)
    .pipe(z.number().min(1).max(LIMITS.pageSize))
    .optional(),
  cursor: z.string().min(1).max(1024).optional(),
});

/** The query string of `GET /online/count`. */
export const countQuerySchema = z.strictObject({});

const watchedIds = z.array(idSchema).min(1).max(LIMITS.watchUsers).optional();

const watchSchema = z
  .strictObject({
    type: z.literal('watch'),
    ref: refSchema,
    id: idSchema,
    tenant: z.literal(true).optional(),
    add: watchedIds,
    remove: watchedIds,
  })
  .refine(
    ({ tenant, add, remove }) =>
      (tenant === undefined) !== (add === undefined && remove === undefined),
    'must name either the tenant or users to add or remove',
  );

/** Any frame that a client may send. */
export const clientFrameSchema: z.ZodType<ClientFrame> = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('hello'),
    ref: refSchema,
    protocol: z.number().int().min(0).max(1000),
    ticket: tokenSchema,
    sessionId: idSchema.optional(),
    device: deviceSchema,
    idleMs: idleMsSchema,
  }),
  z.strictObject({
    type: z.literal('activity'),
    ref: refSchema,
    state: activityValue,
    idleMs: idleMsSchema,
  }),
  z.strictObject({
    type: z.literal('status'),
    ref: refSchema,
    status: claimableStatus.nullable(),
    ...claimed,
  }),
  z.strictObject({ type: z.literal('visibility'), ref: refSchema, visibility: visibilityValue }),
  watchSchema,
  z.strictObject({ type: z.literal('unwatch'), ref: refSchema, id: idSchema }),
  z.strictObject({ type: z.literal('bye'), ref: refSchema, reason: reasonSchema }),
]);

/** Names that look like settings may be said back: whoever misspelt one finds it. */
const REPEATABLE = /^[A-Za-z]\w{0,31}$/;

const unknownKeys = (keys: readonly string[]): string => {
  const named = keys.filter((key) => REPEATABLE.test(key)).slice(0, 3);
  const [one, ...more] = named;
  if (one === undefined) return 'has a key that is not known';
  return more.length === 0 ? `${one} is not known` : `${named.join(', ')} are not known`;
};

/** "userIds.3: must not be empty": where and what, without repeating values of the input. */
export const describeIssues = (error: z.ZodError): string =>
  error.issues
    .slice(0, 3)
    .map((issue) => {
      const said = issue.code === 'unrecognized_keys' ? unknownKeys(issue.keys) : issue.message;
      return issue.path.length > 0 ? `${issue.path.join('.')}: ${said}` : said;
    })
    .join('; ');
