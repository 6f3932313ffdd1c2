import type { Run } from './call.ts';
import { PLACE, REDIS, type OptionName } from './options.ts';

export interface Command {
  readonly says: string;
  /** What stands behind the name, in the help. */
  readonly words: readonly string[];
  readonly options: readonly OptionName[];
  /** Whether it is about tables, which a Redis has not. */
  readonly isSqlOnly?: boolean;
  load(): Promise<{ readonly run: Run }>;
}

const ANY_STORE: readonly OptionName[] = [...PLACE, ...REDIS, 'policy'];

const table = <Name extends string>(commands: Record<Name, Command>): Record<Name, Command> =>
  Object.freeze(commands);

/** Loaded when they are called: not every application has what every command stands on. */
export const COMMANDS = table({
  migrate: {
    says: 'brings the tables to this release; safe when several run it together',
    words: [],
    options: PLACE,
    isSqlOnly: true,
    load: () => import('./commands/migrate.ts'),
  },
  down: {
    says: 'undoes the last migration, and what is stored is lost',
    words: [],
    options: [...PLACE, 'all', 'yes'],
    isSqlOnly: true,
    load: () => import('./commands/down.ts'),
  },
  status: {
    says: 'migrations, health of the store, servers, how many users have which status',
    words: [],
    options: [...ANY_STORE, 'history', 'tenant'],
    load: () => import('./commands/status.ts'),
  },
  reap: {
    says: 'commits what is due and prints how many users it reset; for cron',
    words: [],
    options: [...ANY_STORE, 'history', 'no-wait'],
    load: () => import('./commands/reap.ts'),
  },
  explain: {
    says: 'why a user shows what they show',
    words: ['<user>'],
    options: [...ANY_STORE, 'tenant'],
    load: () => import('./commands/explain.ts'),
  },
  watch: {
    says: 'each change as it happens, until Ctrl+C',
    words: [],
    options: [...ANY_STORE, 'tenant'],
    load: () => import('./commands/watch.ts'),
  },
  doctor: {
    says: 'looks at configuration, store, clock and proxies, and says what to change',
    words: [],
    options: [...ANY_STORE, 'app'],
    load: () => import('./commands/doctor.ts'),
  },
});
