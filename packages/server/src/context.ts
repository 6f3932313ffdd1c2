import type { Clock, Policy, Random } from '@presence/core';
import type { AuditEvent } from './admin/types.ts';
import type { DurableStore } from './durable/durable-store.ts';
import type { Engine } from './engine/types.ts';
import type { Feed } from './feed.ts';
import type { ResolvedHistory } from './history/options.ts';
import type { NodeHistory } from './history/node-history.ts';
import type { ResolvedMetrics } from './metrics/options.ts';
import type { Tally } from './metrics/tally.ts';
import type { GatewayStats } from './realtime/gateway.ts';
import type { Streams } from './realtime/streams/streams.ts';
import type { HeldSessions, NodeLease } from './realtime/types.ts';
import type { Typing } from './rooms/typing.ts';
import type { LeaveTokens, Tickets } from './security/types.ts';
import type { PresenceStore } from './stores/store.ts';
import type { Attached } from './webhooks/attached.ts';
import type { Authenticate, Authorize, Limits, Logger, Sources } from './types.ts';

/** What {@link PresenceOptions} became: every default filled in, checked, frozen. */
export interface ResolvedOptions<Request = unknown> {
  readonly authenticate: Authenticate<Request>;
  readonly store: PresenceStore | DurableStore;
  policyOf(tenant: string): Policy;
  /** `null`: same origin only. */
  readonly origins: ReadonlySet<string> | null;
  readonly secret: string;
  readonly authorize: Authorize;
  readonly limits: Limits;
  readonly trustProxy: boolean;
  readonly sources: Sources;
  readonly hasAdmin: boolean;
  readonly hasOpenApi: boolean;
  /** `null`: none is kept. */
  readonly history: ResolvedHistory | null;
  /** `null`: nobody scrapes. */
  readonly metrics: ResolvedMetrics | null;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: Random;
}

/** The parts of one running node, handed to whoever needs some of them. */
export interface Node<Request = unknown> {
  readonly options: ResolvedOptions<Request>;
  readonly engine: Engine;
  readonly feed: Feed;
  readonly tickets: Tickets;
  readonly leaveTokens: LeaveTokens;
  readonly nodeLease: NodeLease;
  readonly held: HeldSessions;
  /** Realtime connections of clients for whom no socket gets through. */
  readonly streams: Streams;
  readonly typing: Typing;
  /** `null`: none is kept. */
  readonly history: NodeHistory | null;
  /** What this node has done, for metrics. */
  readonly tally: Tally;
  /** By name. */
  readonly webhooks: Map<string, Attached>;
  /** Tells the application what an admin did. */
  audit(event: AuditEvent): void;
  /** Commits what is due; the number of users that it took offline. */
  reap(): Promise<number>;
  /** Figures of this node's realtime side. */
  stats(): GatewayStats;
  /** True from the first moment of `drain()` or `close()`. */
  isDraining(): boolean;
}
