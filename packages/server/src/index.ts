export { createPresence } from './presence.ts';
export { attachWebhooks } from './webhooks/attach-webhooks.ts';
export { verifyWebhook } from './webhooks/signature.ts';
export type { WebhookEvent, WebhookFailure, WebhookOptions, Webhooks } from './webhooks/types.ts';
export type { Announced, Kept, Known, KnownPage, Sink } from './durable/sink.ts';
export { memoryHistory } from './history/memory-history.ts';
export type { MemoryHistoryOptions } from './history/memory-history.ts';
export type * from './history/history.ts';
export type { HistoryOptions } from './history/options.ts';
export type * from './history/types.ts';
export { memoryStore } from './stores/memory/memory-store.ts';
export type { MemoryStoreOptions } from './stores/memory/memory-store.ts';
export type * from './stores/store.ts';
export type * from './types.ts';
export type * from './admin/types.ts';
export type { DiagnosticMessages } from './metrics/channels.ts';
export type { MetricsOptions } from './metrics/options.ts';
export type { MetricsRegistry } from './metrics/registry.ts';
export type { Soon } from './soon.ts';
export { readBody } from './http/read-body.ts';
export { serve } from './http/serve.ts';
export type { Connection, ConnectionEvents, SharedFrame } from './realtime/types.ts';
export type { HttpAnswer, HttpRequest } from './http/types.ts';
export { isPresenceError, PresenceError } from '@presence/core';
export type {
  Account,
  ClaimableStatus,
  ErrorCode,
  Explanation,
  Policy,
  PolicyOptions,
  Projection,
  Status,
  Visibility,
} from '@presence/core';
