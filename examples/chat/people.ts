import { randomUUID } from 'node:crypto';
import type { Database } from './database.ts';

export interface Person {
  readonly id: string;
  readonly name: string;
  /** Of the avatar, 0 to 359. */
  readonly hue: number;
  /** Played by the server of this demo. */
  readonly isPlayed: boolean;
}

/** These come and go by themselves, so that there is something to see. */
export const NEIGHBOURS: readonly Person[] = [
  { id: 'ines', name: 'Ines Duarte', hue: 288, isPlayed: true },
  { id: 'jonas', name: 'Jonas Weber', hue: 186, isPlayed: true },
  { id: 'kai', name: 'Kai Nakamura', hue: 232, isPlayed: true },
  { id: 'priya', name: 'Priya Nair', hue: 348, isPlayed: true },
  { id: 'theo', name: 'Theo Kowalski', hue: 130, isPlayed: true },
];

const LONGEST_NAME = 40;

/** Everybody who ever joined, and the neighbours. */
export interface People {
  /** @throws TypeError for what is no name */
  join(name: unknown): Promise<Person>;
  all(): Promise<readonly Person[]>;
}

const nameOf = (given: unknown): string => {
  const name = typeof given === 'string' ? given.trim().replace(/\s+/g, ' ') : '';
  if (name.length >= 1 && name.length <= LONGEST_NAME) return name;
  throw new TypeError(`A name has 1 to ${LONGEST_NAME} characters.`);
};

/** Far from each other, however many there are: by the golden angle. */
const hueOf = (count: number): number => Math.round((38 + count * 137.5) % 360);

export const createPeople = (db: Database): People => {
  const all: People['all'] = async () => {
    const rows = await db.selectFrom('chat_person').selectAll().orderBy('joined_at').execute();
    const joined = rows.map(({ id, name, hue }): Person => ({ id, name, hue, isPlayed: false }));
    return [...joined, ...NEIGHBOURS];
  };
  return {
    join: async (given) => {
      const name = nameOf(given);
      const known = (await all()).filter(({ isPlayed }) => !isPlayed);
      const person = { id: randomUUID(), name, hue: hueOf(known.length), isPlayed: false };
      const { isPlayed: _, ...row } = person;
      await db
        .insertInto('chat_person')
        .values({ ...row, joined_at: Date.now() })
        .execute();
      return person;
    },
    all,
  };
};
