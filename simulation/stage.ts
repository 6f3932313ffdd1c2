import type { Random } from '@presence/core';
import type { TenantPresence } from '@presence/server';
import type { BrowserUser } from './clients/browser-user.ts';
import type { Person } from './clients/person.ts';
import type { RawHttp } from './clients/raw-http.ts';
import type { RawSocket } from './clients/raw-socket.ts';
import type { Ledger } from './ledger.ts';
import type { Oracle } from './oracle/oracle.ts';
import type { RoomTruth } from './room-truth.ts';
import type { Truth } from './truth.ts';
import type { Line } from './world/network.ts';
import type { ServerLife } from './world/server-process.ts';
import type { World } from './world/world.ts';

/** Whoever acts in the world. */
export type Actor = RawHttp | RawSocket | BrowserUser;

/** A property that does not hold. */
export interface Violation {
  readonly property: string;
  readonly text: string;
}

/** What actions and properties work with. */
export interface Stage {
  readonly world: World;
  readonly oracle: Oracle;
  readonly ledger: Ledger;
  /** How everybody reads in this step, and how they read before. */
  readonly truth: Truth;
  /** The same of the rooms. */
  readonly rooms: RoomTruth;
  readonly people: readonly Person[];
  readonly actors: readonly Actor[];
  readonly lines: readonly Line[];
  /** Chance of the actions. */
  readonly chance: Random;
  /** The server, while it runs and can be asked; `null` while it stands still or is dead. */
  awake(): ServerLife | null;
  presenceOf(life: ServerLife, tenant: string): TenantPresence;
  /** The first one counts. */
  violate(property: string, text: string): void;
  /** Since when everything is in order: all lines up, the server running; `null` while something is not. */
  calmSince(): number | null;
  /** True after everything was healed and the world had time to agree. */
  isHealed: boolean;
  note(text: string): void;
}

/** Checks of one property over one run. */
export interface Checks {
  /** A server has started, with nothing in its memory. */
  started?(life: ServerLife): void;
  /** After each step, with the server awake. */
  step?(life: ServerLife): Promise<void> | void;
  /** After everything was healed and had its time. */
  healed?(life: ServerLife): Promise<void> | void;
  /** After everybody has left for good. */
  empty?(life: ServerLife): Promise<void> | void;
}

export interface Property {
  /** Of the list of guarantees; what it means for rooms and typing is told apart by a word behind it. */
  readonly id: string;
  readonly title: string;
  watch(stage: Stage): Checks;
}

export const pick = <Item>(chance: Random, items: readonly Item[]): Item | undefined =>
  items[Math.floor(chance.next() * items.length)];

export const TENANTS = ['acme', 'default'] as const;

/** Of each tenant, by the same names. */
export const ROOMS = ['hall', 'study'] as const;
