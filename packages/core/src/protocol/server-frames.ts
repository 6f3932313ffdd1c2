import { z } from 'zod';
import { ERRORS, type ErrorCode } from '../errors.ts';
import {
  clientPolicySchema,
  compactRowSchema,
  count,
  details,
  fullRowSchema,
  me,
  statusName,
  text,
} from './answers.ts';
import { anyJson, typistSchema } from './room-schemas.ts';
import type { ServerFrame } from './messages.ts';

const rows = z.array(z.union([fullRowSchema, compactRowSchema]));

const plainFrames = [
  z.object({
    type: z.literal('welcome'),
    sessionId: text,
    userId: text,
    policy: clientPolicySchema,
    leaveToken: text,
    asOf: count,
  }),
  z.object({ type: z.literal('me'), ...me }),
  z.object({
    type: z.literal('snapshot'),
    watch: text,
    presences: rows,
    asOf: count,
    more: z.literal(true).exactOptional(),
  }),
  z.object({ type: z.literal('changes'), presences: rows, asOf: count }),
  z.object({ type: z.literal('ack'), ref: count }),
  z.object({
    type: z.literal('error'),
    code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
    message: text,
    retryable: z.boolean(),
    ref: count.exactOptional(),
  }),
  z.object({ type: z.literal('reconnect'), afterMs: count }),
] as const;

const memberRow = z.tuple([
  text,
  statusName,
  count,
  count.nullable(),
  count.nullable(),
  z.object({ ...details, meta: z.array(anyJson).exactOptional() }).exactOptional(),
]);
const goneRow = z.tuple([text, z.literal('gone'), count]);

/** Frames about rooms, told from those of their type by the room that they name. */
const roomFrames = [
  z.object({
    type: z.literal('snapshot'),
    watch: text,
    room: text,
    mode: z.enum(['full', 'compact', 'count']),
    count,
    presences: z.array(z.union([memberRow, compactRowSchema])),
    typing: z.array(typistSchema),
    asOf: count,
    more: z.literal(true).exactOptional(),
  }),
  z.object({
    type: z.literal('changes'),
    room: text,
    count,
    presences: z.array(z.union([memberRow, compactRowSchema, goneRow])),
    asOf: count,
  }),
  z.object({ type: z.literal('typing'), room: text, userId: text, until: count, asOf: count }),
] as const;

/** Any frame that a server may send. */
export const serverFrameSchema: z.ZodType<ServerFrame> = z.union([...roomFrames, ...plainFrames]);
