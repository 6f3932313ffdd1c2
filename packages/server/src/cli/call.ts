import type { Policy } from '@presence/core';
import type { PlaceOptions } from '../stores/sql/place.ts';
import type { Io } from './io.ts';
import type { Options } from './options.ts';
import type { Address } from './target/url.ts';

/** One command with what it was given. */
export interface Call {
  readonly io: Io;
  readonly options: Options;
  /** Behind the name of the command. */
  readonly words: readonly string[];
  readonly address: Address;
  readonly place: Pick<PlaceOptions, 'prefix' | 'schema'>;
  readonly policy: Policy;
  readonly tenant: string;
  /** Tells the same in JSON or in words, whichever was asked for. */
  tell(value: object, lines: readonly string[]): void;
  /** Words beside the answer, for whoever waits at the terminal. */
  remark(text: string): void;
}

/** Resolves with the exit code; nothing: it is done. */
export type Run = (call: Call) => Promise<number | void>;
