import { createSeededRandom, createVirtualClock } from '@presence/core/testing';
import { createPresence, memoryStore } from '@presence/server';
import { countedStore, type StoreCounts } from './counted-store.ts';
import { live, type Habits, type Place, type Raw, type WireCounts } from './person.ts';

export interface Town {
  readonly users: number;
  readonly nodes: number;
  readonly hours: number;
  readonly habits: Habits;
  readonly seed: number;
}

/** What happened in those hours, once everybody was there. */
export interface Happened extends StoreCounts, WireCounts {}

const HOUR_MS = 3_600_000;
const NOTHING: Readonly<Happened> = {
  loads: 0,
  commits: 0,
  renewals: 0,
  dues: 0,
  writes: 0,
  frames: 0,
  rows: 0,
  bytes: 0,
  pings: 0,
  joins: 0,
};

const PLENTY = {
  perAddressPerMinute: 1e9,
  ticketsPerMinute: 1e9,
  beatsPerMinute: 1e9,
  queriesPerMinute: 1e9,
};

const nameOf = (user: number): string => `user-${user}`;

/** Everybody comes, lives for some hours of virtual time, and everything that costs something is counted. */
export const simulateTown = async (town: Town): Promise<Happened> => {
  const { users, nodes, hours, habits, seed } = town;
  const clock = createVirtualClock();
  const random = createSeededRandom(seed);
  const counts = { ...NOTHING };
  const store = countedStore(memoryStore({ clock }), counts);
  const running = Array.from({ length: nodes }, (_, node) =>
    createPresence<Raw>({
      authenticate: (raw) => raw,
      store,
      security: { secret: 'a secret of the simulation, long enough', limits: PLENTY },
      testing: { clock, random: createSeededRandom(seed + 1 + node) },
    }),
  );
  const place: Place = { clock, random, nodes: running, habits, counts };
  const contactsOf = (user: number): string[] =>
    Array.from({ length: habits.contacts }, (_, step) => nameOf((user + 1 + step * 7) % users));
  for (let user = 0; user < users; user += 1) {
    await live(place, nameOf(user), contactsOf(user));
    await clock.advance(10);
  }
  await clock.advance(60_000);
  const before = { ...counts };
  await clock.advance(hours * HOUR_MS);
  const names = Object.keys(counts) as (keyof Happened)[];
  const happened = Object.fromEntries(names.map((name) => [name, counts[name] - before[name]]));
  await Promise.all(running.map((node) => node.close()));
  return happened as unknown as Happened;
};
