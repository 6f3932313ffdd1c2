import { juniper } from './organisations/juniper.ts';
import { lumen } from './organisations/lumen.ts';
import { northwind } from './organisations/northwind.ts';

/** One person as one organisation knows them. Whoever is in two of them has the same id in both, and two sign-ins. */
export interface Member {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  /** Where they work. */
  readonly place: string;
  /** Hue of the avatar, 0 to 359. */
  readonly hue: number;
  /** Played by the server; nobody can sign in as them. */
  readonly isPlayed: boolean;
}

/** What was said in a channel before anybody signed in. */
interface Post {
  /** Id of a member. */
  readonly by: string;
  /** "09:12", the day before the first start. */
  readonly at: string;
  readonly text: string;
}

export interface Channel {
  readonly id: string;
  readonly topic: string;
  /** Ids. */
  readonly members: readonly string[];
  readonly posts: readonly Post[];
}

export interface Task {
  readonly title: string;
  readonly state: 'next' | 'doing' | 'done';
  /** Id of a member. */
  readonly owner: string;
}

/** What several people of an organisation work on. */
interface Project {
  readonly name: string;
  readonly about: string;
  /** Ids. */
  readonly members: readonly string[];
  readonly tasks: readonly Task[];
}

/** A tenant of presence: nobody outside of it sees who is here. */
export interface Organisation {
  readonly id: string;
  readonly name: string;
  /** What it does, in three words. */
  readonly trade: string;
  /** Hue of its colour, 0 to 359. */
  readonly hue: number;
  readonly members: readonly Member[];
  readonly channels: readonly Channel[];
  readonly project: Project;
}

export const ORGANISATIONS: readonly Organisation[] = [juniper, northwind, lumen];
