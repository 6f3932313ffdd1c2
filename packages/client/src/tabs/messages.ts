import type { Command, Done } from '../calls.ts';
import type { Demand } from '../demand.ts';
import type { Facts } from '../facts.ts';
import type { Failure } from '../transports/failures.ts';

/** How often a leader of other tabs says that it is there. */
export const BEAT_MS = 2000;
/** A leader that says nothing for longer is asked. */
export const SILENCE_MS = 6000;
/** For the answer. */
export const PROBE_MS = 3000;

/** What a tab that follows says to the one that leads. */
export type ToLeader =
  /** I am here, and this is all that I want to know. */
  | {
      readonly type: 'join';
      /** It heard of this leader for the first time, or again after another: it needs everything. */
      readonly fresh: boolean;
      readonly wanted: Demand;
    }
  | { readonly type: 'input' }
  | { readonly type: 'command'; readonly ref: string; readonly command: Command }
  /** Are you there? Answered by `beat`, at once: a message is not throttled as timers are. */
  | {
      readonly type: 'probe';
      /** Somebody looks at the page that asks: the leader is to make sure of its link. */
      readonly seen: boolean;
    }
  | { readonly type: 'part' };

/** What the leader says. */
export type ToFollowers =
  /** I lead now: join again. */
  | { readonly type: 'lead' }
  | { readonly type: 'beat' }
  | { readonly type: 'facts'; readonly facts: Facts; readonly to?: string }
  | {
      readonly type: 'done';
      readonly to: string;
      readonly ref: string;
      readonly error: Parameters<Done>[0];
    };

/** What any tab says to all. `null`: signed out by the user. */
export interface Stopped {
  readonly type: 'stopped';
  readonly failure: Failure | null;
}

export type TabMessage = (ToLeader | ToFollowers | Stopped) & { readonly from: string };
