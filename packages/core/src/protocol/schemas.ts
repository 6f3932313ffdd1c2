import { z } from 'zod';
import { CLAIMABLE_STATUSES } from '../status.ts';
import { BOUNDS } from './bounds.ts';
import { LIMITS } from './limits.ts';
import { metaSchema } from './meta-schema.ts';
import type {
  ClientFrame,
  HeartbeatRequest,
  LeaveRequest,
  StatusChange,
  StreamPost,
  StreamRequest,
  UsersQuery,
} from './messages.ts';

/** No control characters and no lone surrogates: what one store takes, all of them take. */
const WELL_FORMED = /^[^\p{Cc}\p{Cs}]*$/u;

export const text = (length: number) =>
  z
    .string('must be a text')
    .max(length, `must be at most ${length} characters`)
    .regex(WELL_FORMED, 'must hold no control characters and no lone surrogates');

/** A user, session, room or watch id. */
export const idSchema = text(LIMITS.idLength).min(1, 'must not be empty');

export const whole = (least: number, most: number, what: string) =>
  z
    .number(what)
    .refine((value) => Number.isInteger(value) && value >= least && value <= most, what)
    .register(BOUNDS, { type: 'integer', minimum: least, maximum: most });

const durationSchema = (least: number, most: number) =>
  whole(least, most, `must be a whole number of milliseconds from ${least} to ${most}`);

const counterSchema = (least: number) =>
  whole(least, Number.MAX_SAFE_INTEGER, `must be a whole number, at least ${least}`).optional();

export const oneOf = <Name extends string>(names: readonly [Name, ...Name[]]) =>
  z.enum(names, `must be one of ${names.join(', ')}`);

const listOf = (most: number) => {
  const size = `must hold 1 to ${most} ids`;
  return z.array(idSchema, 'must be a list of ids').min(1, size).max(most, size);
};

export const yesOrNo = z.boolean('must be true or false');

const refSchema = counterSchema(0);
const deviceSchema = text(LIMITS.deviceLength).min(1, 'must not be empty').optional();
const idleMsSchema = durationSchema(0, LIMITS.idleMs).optional();
const tokenSchema = z
  .string('must be a text')
  .min(1, 'must not be empty')
  .max(LIMITS.tokenLength, `must be at most ${LIMITS.tokenLength} characters`);
const reasonSchema = oneOf(['closed', 'signed-out']);
const visibilityValue = oneOf(['visible', 'hidden']);
const activityValue = oneOf(['active', 'idle']);

export const claimed = {
  message: text(LIMITS.messageLength).optional(),
  emoji: text(LIMITS.emojiLength).optional(),
  forMs: durationSchema(1, LIMITS.claimMs).optional(),
};

const claimableStatus = oneOf(CLAIMABLE_STATUSES as readonly [StatusChange['status']]);

/** `POST /heartbeat` */
export const heartbeatSchema: z.ZodType<HeartbeatRequest> = z.strictObject({
  sessionId: idSchema.optional(),
  seq: counterSchema(0),
  generation: counterSchema(1),
  activity: activityValue.optional(),
  idleMs: idleMsSchema,
  hidden: yesOrNo.optional(),
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
  userIds: listOf(LIMITS.queryUsers),
});

/** What the query string of every list takes. Everything is text until here. */
export const pageQuery = {
  limit: z
    .string()
    .regex(/^[0-9]{1,3}$/, `must be a whole number from 1 to ${LIMITS.pageSize}`)
    .transform(Number)
    .pipe(z.number().min(1).max(LIMITS.pageSize))
    .optional(),
  cursor: z.string().min(1, 'must not be empty').max(1024, 'is not a cursor').optional(),
};

/** The query string of routes that take none. */
export const countQuerySchema = z.strictObject({});

const watchedIds = listOf(LIMITS.watchUsers).optional();

const watchSchema = z
  .strictObject({
    type: z.literal('watch'),
    ref: refSchema,
    id: idSchema,
    tenant: z.literal(true).optional(),
    room: idSchema.optional(),
    add: watchedIds,
    remove: watchedIds,
  })
  .refine(
    ({ tenant, room, add, remove }) =>
      [tenant, room, add ?? remove].filter((what) => what !== undefined).length === 1,
    'must name either the tenant, a room, or users to add or remove',
  );

/** Markers of pings, of which no more than a few are ever out. */
const PONG_LENGTH = 16;
const PONGS = 8;

/** Any frame that a client may send. */
export const clientFrameSchema: z.ZodType<ClientFrame> = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('hello'),
    ref: refSchema,
    protocol: whole(0, 1000, 'must be a whole number'),
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
  z.strictObject({
    type: z.literal('join'),
    ref: refSchema,
    room: idSchema,
    meta: metaSchema.optional(),
  }),
  z.strictObject({ type: z.literal('leave'), ref: refSchema, room: idSchema }),
  z.strictObject({ type: z.literal('typing'), ref: refSchema, room: idSchema, state: yesOrNo }),
  z.strictObject({ type: z.literal('bye'), ref: refSchema, reason: reasonSchema }),
]);

const framesSchema = z
  .array(z.unknown(), 'must be a list of frames')
  .max(LIMITS.streamFrames, `must hold at most ${LIMITS.streamFrames} frames`);

/** `POST /stream` */
export const streamRequestSchema: z.ZodType<StreamRequest> = z.strictObject({
  frames: framesSchema.min(1, 'must begin with a hello'),
});

/** `POST /stream/frames` */
export const streamPostSchema: z.ZodType<StreamPost> = z.strictObject({
  stream: tokenSchema,
  seq: whole(1, Number.MAX_SAFE_INTEGER, 'must be a whole number, at least 1'),
  frames: framesSchema.optional(),
  pongs: z.array(text(PONG_LENGTH), 'must be a list of texts').max(PONGS).optional(),
});

/** Names that look like settings may be said back: whoever misspelt one finds it. */
const REPEATABLE = /^[A-Za-z]\w{0,31}$/;

/** The part of a schema's finding that is told. */
interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}

const unknownKeys = (keys: readonly string[]): string => {
  const named = keys.filter((key) => REPEATABLE.test(key)).slice(0, 3);
  const [one, ...more] = named;
  if (one === undefined) return 'has a key that is not known';
  return more.length === 0 ? `${one} is not known` : `${named.join(', ')} are not known`;
};

/** "userIds.3: must not be empty": where and what, without repeating values of the input. */
export const describeIssues = (error: { readonly issues: readonly Issue[] }): string =>
  error.issues
    .slice(0, 3)
    .map((issue) => {
      const said =
        issue.code === 'unrecognized_keys' ? unknownKeys(issue.keys ?? []) : issue.message;
      return issue.path.length > 0 ? `${issue.path.map(String).join('.')}: ${said}` : said;
    })
    .join('; ');
