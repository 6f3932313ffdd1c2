import { z } from 'zod';
import { count, presenceSchema, text } from './answers.ts';
import { LIMITS } from './limits.ts';
import type {
  JoinRequest,
  Json,
  RoomAnswer,
  RoomLeaveRequest,
  RoomMember,
  Typist,
  TypingRequest,
} from './room-messages.ts';
import { idSchema, pageQuery } from './schemas.ts';

/** Bytes as UTF-8: one for each unit that needs no escape, else one for each of its escapes. */
const bytesOf = (json: string): number =>
  encodeURIComponent(json).replaceAll(/%[0-9A-F]{2}/g, ' ').length;

const fitsMeta = (value: unknown): boolean => {
  const json = JSON.stringify(value);
  return json.length <= LIMITS.metaBytes && bytesOf(json) <= LIMITS.metaBytes;
};

/** What a session says of itself in a room. */
const metaSchema: z.ZodType<Json> = z
  .unknown()
  .refine(
    (value) => value !== undefined && fitsMeta(value),
    `must be at most ${LIMITS.metaBytes} bytes as JSON`,
  ) as z.ZodType<Json>;

/** `POST /rooms/:room/join` */
export const joinSchema: z.ZodType<JoinRequest> = z.strictObject({
  sessionId: idSchema,
  meta: metaSchema.optional(),
});

/** `POST /rooms/:room/leave` */
export const roomLeaveSchema: z.ZodType<RoomLeaveRequest> = z.strictObject({ sessionId: idSchema });

/** `POST /rooms/:room/typing` */
export const typingSchema: z.ZodType<TypingRequest> = z.strictObject({
  sessionId: idSchema,
  state: z.boolean('must be true or false'),
});

/** The query string of `GET /online`. */
export const onlineQuerySchema = z.strictObject({ room: idSchema.optional(), ...pageQuery });

/** The query string of `GET /online/count`. */
export const onlineCountQuerySchema = z.strictObject({ room: idSchema.optional() });

/** The query string of `GET /rooms/:room`. */
export const roomQuerySchema = z.strictObject(pageQuery);

const typistSchema: z.ZodType<Typist> = z.object({ userId: text, until: count });

const roomMemberSchema: z.ZodType<RoomMember> = z.intersection(
  presenceSchema,
  z.object({ meta: z.array(z.unknown() as z.ZodType<Json>).exactOptional() }),
);

export const roomAnswerSchema: z.ZodType<RoomAnswer> = z.object({
  room: text,
  members: z.array(roomMemberSchema),
  count,
  typing: z.array(typistSchema),
  asOf: count,
  nextCursor: text.exactOptional(),
});
