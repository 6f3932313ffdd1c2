import type { Clock, Random } from '@presence/core';
import type { RawBuilder } from 'kysely';
import type { Logger } from '../../types.ts';
import type { Attempts } from './attempts.ts';
import type { Db, Dialect } from './dialect.ts';
import type { Tables } from './tables.ts';
import type { Texts } from './text.ts';

/** What every verb of the store stands on. */
export interface Parts {
  readonly db: Db;
  readonly dialect: Dialect;
  readonly tables: Tables;
  readonly texts: Texts;
  /** The only clock that judges a lease, in ms: the database's. Tests put another in its place. */
  readonly now: () => RawBuilder<number>;
  /** How old the pulse may be before it is written again. */
  readonly pulseMs: number;
  /** Where commits are announced besides, for whoever listens; `null`: nowhere. */
  readonly channel: string | null;
  readonly attempts: Attempts;
  /** Of this process, for time-outs and polls. */
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}
