import type { Random } from '@presence/core';
import type { Timing } from './timers.ts';
import type { Calls } from './calls.ts';
import type { Demand, DemandCounts } from './demand.ts';
import type { Listeners } from './listeners.ts';
import type { Loaders } from './load.ts';
import type { Replica } from './replica.ts';
import type { RoomsDoor } from './rooms-door.ts';
import type { Request } from './transports/request.ts';
import type { ActivitySource, BrowserLike, PresenceClientOptions, Transport } from './types.ts';

/** What a client is made of. */
export interface ClientContext {
  readonly options: PresenceClientOptions;
  readonly clock: Timing;
  readonly random: Random;
  readonly browser: BrowserLike;
  readonly transport: Transport;
  readonly activitySource: ActivitySource;
  readonly listeners: Listeners;
  readonly replica: Replica;
  readonly load: Loaders;
  readonly rooms: RoomsDoor;
  readonly calls: Calls;
  watch: DemandCounts['watch'];
  /** What this tab itself wants to know. */
  ownDemand(): Demand;
}

export interface Goodbye {
  readonly sessionId: string;
  readonly leaveToken?: string | undefined;
  readonly reason: 'closed' | 'signed-out';
}

/** The same for as long as this page is open. */
export interface PageContext extends ClientContext {
  /** Absolute address of the mount. */
  readonly base: string;
  readonly request: Request;
  /** Sends a goodbye that outlives the page. */
  leave(goodbye: Goodbye): void;
}
