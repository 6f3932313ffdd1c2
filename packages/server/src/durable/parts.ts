import type { Clock, Policy } from '@presence/core';
import type { PresenceStore } from '../stores/store.ts';
import type { Logger } from '../types.ts';
import type { Sink } from './sink.ts';

/** What a live store with a durable side is made of. */
export interface Parts {
  readonly live: PresenceStore;
  readonly sink: Sink;
  readonly clock: Clock;
  readonly logger: Logger;
  policyOf(tenant: string): Policy;
}
