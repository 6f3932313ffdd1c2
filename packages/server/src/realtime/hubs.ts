import type { Node } from '../context.ts';
import type { RecordChange } from '../types.ts';
import type { GatewayStats } from './gateway.ts';
import { createHub, type Hub } from './hub.ts';
import { TICK_MS, type LiveTime } from './live-time.ts';
import type { Outbox } from './outbox.ts';

/** The tenants of whom somebody is here. */
export interface Hubs {
  readonly all: ReadonlyMap<string, Hub>;
  of(tenant: string): Hub;
  stats(): Pick<GatewayStats, 'tenants' | 'entries' | 'audiences' | 'tenantWatches' | 'watches'>;
  close(): void;
}

interface Parts {
  readonly node: Node;
  readonly time: LiveTime;
  outbox(): Outbox;
  onHeld(hub: Hub, change: RecordChange): void;
}

/** A tenant that nobody uses any more is kept so long at most, and its feed with it. */
const SWEEP_MS = 10_000;

export const createHubs = ({ node, time, outbox, onHeld }: Parts): Hubs => {
  const all = new Map<string, Hub>();
  let ticks = 0;

  time.onTick(() => {
    ticks += 1;
    if ((ticks * TICK_MS) % SWEEP_MS !== 0) return;
    node.typing.sweep();
    for (const [tenant, hub] of all) {
      if (!hub.sweep()) continue;
      hub.close();
      all.delete(tenant);
    }
  });

  return {
    all,
    of: (tenant) => {
      let hub = all.get(tenant);
      if (!hub) {
        hub = createHub({ tenant, node, time, outbox: outbox(), onHeld });
        all.set(tenant, hub);
      }
      return hub;
    },
    stats: () => {
      const sum = { tenants: all.size, entries: 0, audiences: 0, tenantWatches: 0, watches: 0 };
      for (const hub of all.values()) {
        const { entries, audiences, tenantWatches, watches } = hub.stats();
        sum.entries += entries;
        sum.audiences += audiences;
        sum.tenantWatches += tenantWatches;
        sum.watches += watches;
      }
      return sum;
    },
    close: () => {
      for (const hub of all.values()) hub.close();
      all.clear();
    },
  };
};
