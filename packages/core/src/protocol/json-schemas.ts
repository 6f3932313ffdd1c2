import { z } from 'zod';
import {
  accountSchema,
  adminStatusSchema,
  disconnectSchema,
  reapSchema,
  webhookChoiceSchema,
} from './admin-schemas.ts';
import {
  adminUserAnswerSchema,
  adminUserSchema,
  adminUsersAnswerSchema,
  adminWriteAnswerSchema,
  eraseHistoryAnswerSchema,
  healthAnswerSchema,
  historyAnswerSchema,
  historyStepSchema,
  insightsAnswerSchema,
  peaksAnswerSchema,
  reapAnswerSchema,
  statsAnswerSchema,
  webhooksAnswerSchema,
  webhooksChangedAnswerSchema,
} from './admin-answers.ts';
import {
  claimSchema,
  clientPolicySchema,
  compactRowSchema,
  countAnswerSchema,
  errorAnswerSchema,
  explanationSchema,
  fullRowSchema,
  heartbeatAnswerSchema,
  meSchema,
  onlineAnswerSchema,
  presenceSchema,
  ticketAnswerSchema,
  usersAnswerSchema,
} from './answers.ts';
import { BOUNDS } from './bounds.ts';
import { joinSchema, roomAnswerSchema, roomLeaveSchema, typingSchema } from './room-schemas.ts';
import {
  clientFrameSchema,
  heartbeatSchema,
  leaveSchema,
  statusSchema,
  streamPostSchema,
  streamRequestSchema,
  usersQuerySchema,
  visibilitySchema,
} from './schemas.ts';
import { serverFrameSchema } from './server-frames.ts';

/** A JSON Schema of the draft that OpenAPI 3.1 speaks. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Every message by the name of its type. */
export const MESSAGES = Object.freeze({
  HeartbeatRequest: heartbeatSchema,
  LeaveRequest: leaveSchema,
  StatusChange: statusSchema,
  VisibilityChange: visibilitySchema,
  UsersQuery: usersQuerySchema,
  JoinRequest: joinSchema,
  RoomLeaveRequest: roomLeaveSchema,
  TypingRequest: typingSchema,
  StreamRequest: streamRequestSchema,
  StreamPost: streamPostSchema,
  AdminStatusChange: adminStatusSchema,
  AccountChange: accountSchema,
  DisconnectRequest: disconnectSchema,
  ReapRequest: reapSchema,
  WebhookChoice: webhookChoiceSchema,
  ErrorAnswer: errorAnswerSchema,
  Presence: presenceSchema,
  FullRow: fullRowSchema,
  CompactRow: compactRowSchema,
  WireClaim: claimSchema,
  ClientPolicy: clientPolicySchema,
  Me: meSchema,
  HeartbeatResponse: heartbeatAnswerSchema,
  UsersAnswer: usersAnswerSchema,
  OnlineAnswer: onlineAnswerSchema,
  CountAnswer: countAnswerSchema,
  RoomAnswer: roomAnswerSchema,
  TicketAnswer: ticketAnswerSchema,
  Explanation: explanationSchema,
  AdminUser: adminUserSchema,
  AdminUsersAnswer: adminUsersAnswerSchema,
  AdminUserAnswer: adminUserAnswerSchema,
  AdminWriteAnswer: adminWriteAnswerSchema,
  StatsAnswer: statsAnswerSchema,
  ReapAnswer: reapAnswerSchema,
  WebhooksAnswer: webhooksAnswerSchema,
  WebhooksChangedAnswer: webhooksChangedAnswerSchema,
  HistoryAnswer: historyAnswerSchema,
  HistoryStep: historyStepSchema,
  EraseHistoryAnswer: eraseHistoryAnswerSchema,
  InsightsAnswer: insightsAnswerSchema,
  PeaksAnswer: peaksAnswerSchema,
  HealthAnswer: healthAnswerSchema,
  ClientFrame: clientFrameSchema,
  ServerFrame: serverFrameSchema,
} satisfies Record<string, z.ZodType>);

/** A key of {@link MESSAGES}. */
export type MessageName = keyof typeof MESSAGES;

/** As they come over the wire: a query's number is a text there. */
const WIRE = {
  io: 'input',
  target: 'draft-2020-12',
  override: ({
    zodSchema,
    jsonSchema,
  }: {
    readonly zodSchema: z.core.$ZodType;
    readonly jsonSchema: { maximum?: number };
  }) => {
    Object.assign(jsonSchema, BOUNDS.get(zodSchema as z.ZodType));
    // No number of JSON is larger and exact.
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  },
} as const;

/** Without what each schema says of its own place: the document says it once for all. */
const withoutPlace = (schema: Readonly<Record<string, unknown>>): JsonSchema =>
  Object.fromEntries(
    Object.entries(schema).filter(([name]) => name !== '$schema' && name !== '$id'),
  );

/** These messages as JSON Schemas that refer to each other. */
export const jsonSchemasOf = (
  names: readonly MessageName[],
  uriOf: (name: string) => string,
): Readonly<Record<string, JsonSchema>> => {
  const registry = z.registry<{ id: string }>();
  for (const name of names) registry.add(MESSAGES[name], { id: name });
  const { schemas } = z.toJSONSchema(registry, { ...WIRE, uri: uriOf });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, withoutPlace(schema as JsonSchema)]),
  );
};

/** Any other schema, such as a query string's; `{}` for one that is not of zod. */
export const jsonSchemaOf = (schema: unknown): JsonSchema =>
  schema instanceof z.ZodType ? withoutPlace(z.toJSONSchema(schema, WIRE) as JsonSchema) : {};
