import type { Cancel, Clock, Random } from '@presence/core';
import type { TenantPresence } from '@presence/server';

/** What the server says for a colleague; it ends by itself, and what was said before shows again. */
interface Scene {
  readonly source: 'calendar' | 'call' | 'user';
  readonly status: 'online' | 'away' | 'busy' | 'dnd';
  readonly message: string;
  readonly emoji: string;
  readonly seconds: readonly [least: number, most: number];
}

/** A call (priority 60) shows over focus time (50), and that over a meeting in the calendar (40). */
const SCENES: readonly Scene[] = [
  { source: 'calendar', status: 'busy', message: 'In a meeting', emoji: '📅', seconds: [45, 90] },
  { source: 'calendar', status: 'busy', message: 'Interviewing', emoji: '🗓️', seconds: [40, 70] },
  { source: 'call', status: 'busy', message: 'On a call', emoji: '📞', seconds: [15, 35] },
  { source: 'user', status: 'dnd', message: 'Focus time', emoji: '🎧', seconds: [40, 80] },
  { source: 'user', status: 'away', message: 'Lunch', emoji: '🥪', seconds: [40, 70] },
  { source: 'user', status: 'away', message: 'Back in a minute', emoji: '☕', seconds: [20, 45] },
  { source: 'user', status: 'online', message: 'Happy to pair', emoji: '👋', seconds: [30, 60] },
];

const SOURCES = ['calendar', 'call', 'user'] as const;

/** Something happens this often, and the same colleague rests for a while after it. */
const PAUSE_SECONDS: readonly [number, number] = [4, 9];
const REST_SECONDS: readonly [number, number] = [12, 25];

/** How many are there at least, and are away at least, so that there is always somebody to come or go. */
const FEWEST_HERE = 3;
const FEWEST_GONE = 1;

const LEAVING_CHANCE = 0.25;

interface Colleague {
  readonly id: string;
  isHere: boolean;
  restsUntil: number;
}

export interface ColleaguesOptions {
  readonly presence: Pick<TenantPresence, 'signIn' | 'signOut' | 'claim' | 'release'>;
  readonly ids: readonly string[];
  /** A colleague who is there asks for the lease again each third of it, as any session must. */
  readonly leaseMs: number;
  readonly clock: Clock;
  readonly random: Pick<Random, 'next'>;
  readonly onError?: (error: unknown) => void;
}

interface Dice {
  pick<T>(items: readonly T[]): T | undefined;
  msWithin(seconds: readonly [least: number, most: number]): number;
  chance(of: number): boolean;
}

const createDice = ({ next }: Pick<Random, 'next'>): Dice => ({
  pick: (items) => items[Math.floor(next() * items.length)],
  msWithin: ([least, most]) => Math.round((least + next() * (most - least)) * 1000),
  chance: (of) => next() < of,
});

interface Acts {
  arrive(colleague: Colleague): Promise<void>;
  leave(colleague: Colleague): Promise<void>;
  play(colleague: Colleague): Promise<void>;
}

const createActs = (presence: ColleaguesOptions['presence'], dice: Dice): Acts => ({
  arrive: async (colleague) => {
    colleague.isHere = true;
    await presence.signIn(colleague.id);
  },
  leave: async (colleague) => {
    colleague.isHere = false;
    await presence.signOut(colleague.id);
    // A claim outlives a sign-out; whoever goes home says so no longer.
    for (const source of SOURCES) await presence.release(colleague.id, { source });
  },
  play: async ({ id }) => {
    const scene = dice.pick(SCENES);
    if (!scene) return;
    const { source, status, message, emoji, seconds } = scene;
    await presence.claim(id, status, { source, message, emoji, forMs: dice.msWithin(seconds) });
  },
});

/** Has a few people come, go, meet, focus and lunch, through the same calls that any server can make. */
export const startColleagues = (options: ColleaguesOptions): Cancel => {
  const { presence, ids, leaseMs, clock, random, onError = () => undefined } = options;
  const all: Colleague[] = ids.map((id) => ({ id, isHere: false, restsUntil: 0 }));
  const here = (): Colleague[] => all.filter(({ isHere }) => isHere);
  const dice = createDice(random);
  const { arrive, leave, play } = createActs(presence, dice);

  const act = async (colleague: Colleague): Promise<void> => {
    const hereNow = here().length;
    if (!colleague.isHere)
      return hereNow < all.length - FEWEST_GONE ? arrive(colleague) : undefined;
    return hereNow > FEWEST_HERE && dice.chance(LEAVING_CHANCE)
      ? leave(colleague)
      : play(colleague);
  };

  const move = (): void => {
    cancelNext = clock.after(dice.msWithin(PAUSE_SECONDS), move);
    const colleague = dice.pick(all.filter(({ restsUntil }) => restsUntil <= clock.now()));
    if (!colleague) return;
    colleague.restsUntil = clock.now() + dice.msWithin(REST_SECONDS);
    act(colleague).catch(onError);
  };

  const renew = (): void => {
    for (const { id } of here()) presence.signIn(id).catch(onError);
  };

  // All but one are at work already, and two of them are at something.
  all.slice(1).forEach((colleague, index) => {
    const start = async (): Promise<void> => {
      await arrive(colleague);
      if (index < 2) await play(colleague);
    };
    start().catch(onError);
  });

  let cancelNext = clock.after(dice.msWithin(PAUSE_SECONDS), move);
  const cancelRenewal = clock.every(leaseMs / 3, renew);
  return () => {
    cancelNext();
    cancelRenewal();
  };
};
