import type { Clock, Random } from '@presence/core';
import {
  createPresence,
  memoryStore,
  type HttpAnswer,
  type HttpRequest,
  type PolicyOptions,
  type Presence,
  type PresenceStore,
} from '@presence/server';
import type { PresenceClient } from '@presence/client';
import { createProcessClock, type ProcessClock } from './process-clock.ts';

/** What the application behind presence knows of a request: its own login. */
export interface AppRequest {
  readonly login: Login | null;
}

export interface Login {
  readonly tenant: string;
  readonly userId: string;
  readonly issuedAt: number;
  /** The only rooms that they may see and go into; absent: all. */
  readonly rooms?: readonly string[] | undefined;
}

/** One life of the server, from its start to its death. */
export interface ServerLife {
  /** Counts lives: the store forgets everything between two. */
  readonly epoch: number;
  readonly clock: ProcessClock;
  readonly presence: Presence<AppRequest>;
  readonly store: PresenceStore;
  /** Subscriptions of the store that are held at this moment. */
  subscriptions(): number;
}

/** Where a fault is planted, to prove that a property sees it. */
export interface Sabotage {
  readonly policy?: PolicyOptions;
  readonly store?: (store: PresenceStore, clock: Clock) => PresenceStore;
  readonly presence?: (presence: Presence<AppRequest>, clock: Clock) => Presence<AppRequest>;
  readonly answer?: (request: HttpRequest<AppRequest>, answer: HttpAnswer) => HttpAnswer;
  /** Frames on their way to a client; `null` loses one. */
  readonly frame?: (text: string, socket: object) => string | null;
  readonly client?: (client: PresenceClient) => PresenceClient;
}

export const startServer = (
  world: Clock,
  random: Random,
  epoch: number,
  sabotage: Sabotage,
): ServerLife => {
  const clock = createProcessClock(world);
  const plain = memoryStore({ clock, random });
  let subscriptions = 0;
  const counted: PresenceStore = {
    ...plain,
    subscribe: async (topics, on) => {
      const unsubscribe = await plain.subscribe(topics, on);
      subscriptions += 1;
      return async () => {
        subscriptions -= 1;
        await unsubscribe();
      };
    },
  };
  const store = sabotage.store?.(counted, clock) ?? counted;
  const made = createPresence<AppRequest>({
    authenticate: ({ login }) => login,
    store,
    ...(sabotage.policy && { policy: sabotage.policy }),
    testing: { clock, random },
  });
  const presence = sabotage.presence?.(made, clock) ?? made;
  return { epoch, clock, presence, store, subscriptions: () => subscriptions };
};
