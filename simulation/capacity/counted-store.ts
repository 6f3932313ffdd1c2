import type { PresenceStore } from '@presence/server';

/** What reached the store. */
export interface StoreCounts {
  /** Calls that would each be one command of a Redis partition. */
  loads: number;
  commits: number;
  renewals: number;
  dues: number;
  /** Users written; each is one message to every node that listens to the tenant. */
  writes: number;
}

const VERBS = { load: 'loads', commit: 'commits', renew: 'renewals', due: 'dues' } as const;

type Verb = keyof typeof VERBS;

const isCounted = (name: string | symbol): name is Verb => name in VERBS;

/** The same store, counting. */
export const countedStore = (store: PresenceStore, counts: StoreCounts): PresenceStore =>
  new Proxy(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (!isCounted(name)) return member;
      return (...args: unknown[]) => {
        counts[VERBS[name]] += 1;
        if (name === 'commit') counts.writes += (args[0] as readonly unknown[]).length;
        return Reflect.apply(member as () => unknown, target, args);
      };
    },
  });
