import { z } from 'zod';
import { ERRORS, type ErrorCode } from '../errors.ts';
import { clientPolicySchema, compactRowSchema, count, fullRowSchema, me, text } from './answers.ts';
import type { ServerFrame } from './messages.ts';

const rows = z.array(z.union([fullRowSchema, compactRowSchema]));

/** Any frame that a server may send. */
export const serverFrameSchema: z.ZodType<ServerFrame> = z.discriminatedUnion('type', [
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
]);
