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
export {
  clientFrameSchema,
  countQuerySchema,
  describeIssues,
  heartbeatSchema,
  idSchema,
  leaveSchema,
  onlineQuerySchema,
  statusSchema,
  streamPostSchema,
  streamRequestSchema,
  usersQuerySchema,
  visibilitySchema,
} from './schemas.ts';
