import type { Ending, History } from '../history/history.ts';
import { createBeater, type Beater } from './beater.ts';
import { createPerson, type Person, type PersonParts, type Target } from './person.ts';

/** Everybody of a test. */
export interface Crowd {
  readonly people: readonly Person[];
  /** Those of them who beat by HTTP. */
  readonly beaters: readonly Beater[];
  /** Those who are wanted there, and are not. */
  missing(): readonly Person[];
  /** Some who are joined, not yet chosen by this, in order; watchers of everybody are spared. */
  some(count: number, where?: (person: Person) => boolean): readonly Person[];
  /** Those who are there from the beginning. */
  join(): void;
  /** Somebody who was not there yet. */
  newcomers(count: number): void;
  leave(people: readonly Person[], how: Ending): void;
  /** They stay away once their link is lost. */
  giveUp(people: readonly Person[]): void;
  /** Is not wanted there any more. */
  forget(person: Person): void;
  stop(): void;
}

/** New connections that are begun in a second at first. */
const JOINS_A_SECOND = 250;
/** So many watch everybody; the others a few each. */
const WATCHERS = 12;
const WATCHED = 4;
/** So many are not there from the beginning. */
const NEWCOMERS = 40;

/** Others, some of them on the same node and some elsewhere. */
const watchedBy = (user: number, users: number): readonly number[] =>
  Array.from({ length: WATCHED }, (_, step) => (user + 1 + step * 7) % users).filter(
    (other) => other !== user,
  );

export const createCrowd = (
  history: History,
  beating: number,
  target: (user: number) => Target | null,
): Crowd => {
  const { users } = history;
  const partsOf = (user: number): PersonParts => ({
    user,
    history,
    target,
    watches: user < WATCHERS ? 'tenant' : watchedBy(user, users),
  });
  const beaters = Array.from({ length: beating }, (_, place) =>
    createBeater(partsOf(WATCHERS + place)),
  );
  const people = Array.from(
    { length: users },
    (_, user): Person => beaters[user - WATCHERS] ?? createPerson(partsOf(user)),
  );
  const wanted = new Set<Person>();
  const chosen = new Set<Person>();
  const timers = new Set<NodeJS.Timeout>();

  const reserve = people.slice(-NEWCOMERS);

  const join = (joining: readonly Person[]): void =>
    joining.forEach((person, place) => {
      wanted.add(person);
      timers.add(setTimeout(person.start, (place * 1000) / JOINS_A_SECOND));
    });

  return {
    people,
    beaters,
    missing: () => [...wanted].filter(({ isJoined }) => !isJoined),
    some: (count, where = () => true) => {
      const found = people
        .filter(
          (person) => person.user >= WATCHERS + beating && person.isJoined && !chosen.has(person),
        )
        .filter(where)
        .slice(0, count);
      for (const person of found) chosen.add(person);
      return found;
    },
    join: () => join(people.slice(0, -NEWCOMERS)),
    newcomers: (count) => join(reserve.splice(0, count)),
    leave: (leaving, how) => {
      for (const person of leaving) {
        wanted.delete(person);
        person.leave(how);
      }
    },
    giveUp: (leaving) => {
      for (const person of leaving) {
        wanted.delete(person);
        person.giveUp();
      }
    },
    forget: (person) => void wanted.delete(person),
    stop: () => {
      for (const timer of timers) clearTimeout(timer);
      for (const person of people) person.stop();
    },
  };
};
