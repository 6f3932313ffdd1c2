import type { PresenceRecord } from '@presence/core';
import type { Presence, PresenceStore, TenantPresence } from '@presence/server';
import type { AppRequest, Sabotage } from '../world/server-process.ts';

/** A fault that somebody could have made, and the property that must see it. */
export interface Planted {
  readonly property: string;
  readonly fault: string;
  readonly sabotage: () => Sabotage;
}

type StoredRecord = PresenceRecord | null;

/** The server with something else in the place of the methods of each tenant. */
export const tenantsWith = (
  change: (tenant: TenantPresence) => Partial<TenantPresence>,
): Sabotage => ({
  presence: (presence: Presence<AppRequest>) => ({
    ...presence,
    tenant: (id) => {
      const tenant = presence.tenant(id);
      return { ...tenant, ...change(tenant) };
    },
  }),
});

export const storeWith = (change: (store: PresenceStore) => Partial<PresenceStore>): Sabotage => ({
  store: (store) => ({ ...store, ...change(store) }),
});

/** The store keeps something else than what it was given. */
export const recordsAs = (change: (record: PresenceRecord) => PresenceRecord): Sabotage =>
  storeWith((store) => ({
    commit: (writes) =>
      store.commit(
        writes.map((write) => ({
          ...write,
          record: write.record && (change(write.record) satisfies StoredRecord),
        })),
      ),
  }));
