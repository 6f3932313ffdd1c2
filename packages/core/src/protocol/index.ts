export { LIMITS, PROTOCOL_VERSION } from './limits.ts';
export type * from './admin-messages.ts';
export {
  accountSchema,
  adminOnlineQuerySchema,
  adminStatusSchema,
  adminUsersQuerySchema,
  exportQuerySchema,
  historyQuerySchema,
  insightsQuerySchema,
  disconnectSchema,
  reapSchema,
  webhookChoiceSchema,
} from './admin-schemas.ts';
export { jsonSchemaOf, jsonSchemasOf, MESSAGES } from './json-schemas.ts';
export type { JsonSchema, MessageName } from './json-schemas.ts';
export type * from './messages.ts';
export type * from './room-frames.ts';
export type * from './room-messages.ts';
export {
  joinSchema,
  onlineCountQuerySchema,
  onlineQuerySchema,
  roomLeaveSchema,
  roomQuerySchema,
  typingSchema,
} from './room-schemas.ts';
export {
  clientFrameSchema,
  countQuerySchema,
  describeIssues,
  heartbeatSchema,
  idSchema,
  leaveSchema,
  statusSchema,
  streamPostSchema,
  streamRequestSchema,
  usersQuerySchema,
  visibilitySchema,
} from './schemas.ts';
