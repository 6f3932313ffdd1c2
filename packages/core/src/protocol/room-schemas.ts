import { z } from 'zod';
import { count, presenceSchema, text } from './answers.ts';
import { metaSchema } from './meta-schema.ts';
import type {
  JoinRequest,
  Json,
  RoomAnswer,
  RoomLeaveRequest,
  RoomMember,
  Typist,
  TypingRequest,
} from './room-messages.ts';
import { idSchema, pageQuery, yesOrNo } from './schemas.ts';

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
  state: yesOrNo,
});

/** The query string of `GET /online`. */
export const onlineQuerySchema = z.strictObject({ room: idSchema.optional(), ...pageQuery });

/** The query string of `GET /online/count`. */
export const onlineCountQuerySchema = z.strictObject({ room: idSchema.optional() });

/** The query string of `GET /rooms/:room`. */
export const roomQuerySchema = z.strictObject(pageQuery);

export const typistSchema: z.ZodType<Typist> = z.object({ userId: text, until: count });

export const anyJson = z.unknown() as z.ZodType<Json>;

const roomMemberSchema: z.ZodType<RoomMember> = z.intersection(
  presenceSchema,
  z.object({ meta: z.array(anyJson).exactOptional() }),
);

export const roomAnswerSchema: z.ZodType<RoomAnswer> = z.object({
  room: text,
  members: z.array(roomMemberSchema),
  count,
  typing: z.array(typistSchema),
  asOf: count,
  nextCursor: text.exactOptional(),
});
