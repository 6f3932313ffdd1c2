import { createPresenceClient, type PresenceClient } from '@presence/client';
import type { Cancel, Clock, Random } from '@presence/core';

/** Somebody on the page. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** Of their picture, 0 to 359. */
  readonly hue: number;
  /** Played by this example; a visitor otherwise. */
  readonly isSimulated: boolean;
}

const NAMES = [
  ['Ada Moreau', 'Noah Lind', 'Grace Okafor', 'Linus Berg', 'Mei Tanaka', 'Omar Haddad'],
  ['Ines Duarte', 'Jonas Weber', 'Kai Nakamura', 'Priya Nair', 'Sofia Rossi', 'Theo Kowalski'],
  ['Amina Diallo', 'Björn Dahl', 'Chloé Martin', 'Diego Silva', 'Elif Kaya', 'Femi Adeyemi'],
  ['Greta Novak', 'Hassan Aziz', 'Isla Murray', 'Jun Park', 'Katya Orlova', 'Leo Fischer'],
  ['Maya Cohen', 'Nils Hansen', 'Olga Petrov', 'Pablo Ruiz', 'Quinn Walsh', 'Rania Farah'],
  ['Sven Olsen', 'Tara Singh', 'Umar Khan', 'Vera Costa', 'Wei Zhang', 'Yuki Mori'],
].flat();

/** As many different hues as there are people, and neighbours far apart. */
const GOLDEN_ANGLE = 137.5;

/** The first so many of the people that this example plays. */
export const simulatedPeople = (count: number): readonly Person[] =>
  NAMES.slice(0, count).map((name, index) => ({
    id:
      name
        .split(' ')[0]
        ?.toLowerCase()
        .normalize('NFD')
        .replace(/[^a-z]/g, '') ?? name,
    name,
    hue: Math.round(index * GOLDEN_ANGLE) % 360,
    isSimulated: true,
  }));

/** A visitor's id is made in their browser. */
const VISITOR = /^visitor-([a-z0-9]{4})$/;

/** @returns `null`: nobody */
export const visitorOf = (userId: string): Person | null => {
  const [, code] = VISITOR.exec(userId) ?? [];
  if (!code) return null;
  const name = `Visitor ${code.toUpperCase()}`;
  return { id: userId, name, hue: (parseInt(code, 36) * 7) % 360, isSimulated: false };
};

const MOODS = [
  { status: 'busy', message: 'In a meeting', emoji: '📅' },
  { status: 'dnd', message: 'Focus time', emoji: '🎧' },
  { status: 'away', message: 'Lunch', emoji: '🥪' },
  { status: 'busy', message: 'On a call', emoji: '📞' },
] as const;

/** At the start every so manieth person says something of themselves. */
const MOOD_EVERY = 4;
const RELOAD_MS = 4000;
const RELOAD_TAKES_MS = 300;

interface CrowdOptions {
  readonly people: readonly Person[];
  /** Where the proxy is. */
  readonly baseUrl: string;
  /** Whether somebody reloads their page now and then. */
  readonly isLively: boolean;
  readonly clock: Clock;
  readonly random: Pick<Random, 'next'>;
}

/** Everybody as a client of their own, over the network, as a browser would be one. */
export const startCrowd = (options: CrowdOptions): Cancel => {
  const { people, baseUrl, isLively, clock, random } = options;
  const clients: readonly PresenceClient[] = people.map(({ id }) =>
    createPresenceClient({
      url: `${baseUrl}/as/${id}/presence`,
      userId: id,
      device: 'simulated',
      transport: 'websocket',
      activity: null,
      shareTabs: false,
    }),
  );
  clients.forEach((client, index) => {
    client.start();
    const mood = MOODS[(index / MOOD_EVERY) % MOODS.length];
    if (!mood) return;
    const { status, ...said } = mood;
    // Kept by the store: it outlives whatever happens to nodes.
    client.setStatus(status, said).catch(() => undefined);
  });
  /** Within the grace for a closed page, so that nobody sees it; whoever comes back may be elsewhere. */
  const reload = (): void => {
    const client = clients[Math.floor(random.next() * clients.length)];
    if (client?.getConnection().status !== 'connected') return;
    client.stop();
    clock.after(RELOAD_TAKES_MS, () => client.start());
  };
  const cancel = isLively ? clock.every(RELOAD_MS, reload) : () => undefined;
  return () => {
    cancel();
    for (const client of clients) client.stop();
  };
};
