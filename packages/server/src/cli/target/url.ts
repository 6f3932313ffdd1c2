import { refused } from '../failures.ts';
import { addressOf } from '../secrets.ts';

export type StoreKind = 'postgres' | 'mysql' | 'sqlite' | 'redis';

/** Where the store is, as a URL said. */
export interface Address {
  readonly kind: StoreKind;
  /** As the driver takes it; of SQLite the path of the file. */
  readonly url: string;
  /** Without login, for people to read. */
  readonly shown: string;
  /** Word for word, with whatever must not be shown. */
  readonly given: string;
}

const KINDS: Readonly<Record<string, StoreKind>> = Object.freeze({
  postgres: 'postgres',
  postgresql: 'postgres',
  mysql: 'mysql',
  mariadb: 'mysql',
  sqlite: 'sqlite',
  redis: 'redis',
  rediss: 'redis',
});

const EXAMPLES =
  'postgres://host/database, mysql://…, mariadb://…, sqlite:presence.db, redis://host';

const sqliteFile = (url: string): string => {
  const file = url.replace(/^sqlite:(?:\/\/(?=\/)|\/\/)?/, '');
  if (file === '' || file === ':memory:') {
    throw refused('sqlite: needs a file, as in sqlite:presence.db. One in memory is gone at once.');
  }
  return file;
};

/** @throws PresenceError `invalid_options`, without a word of what may be a password */
export const readUrl = (given: string | undefined): Address => {
  if (given === undefined || given === '') {
    throw refused(
      `Where is the store? Pass --url or set PRESENCE_DATABASE_URL, such as ${EXAMPLES}.`,
    );
  }
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(given)?.[1]?.toLowerCase();
  const kind = scheme === undefined || !Object.hasOwn(KINDS, scheme) ? undefined : KINDS[scheme];
  if (kind === undefined) {
    const seen = scheme === undefined ? 'no scheme' : `the scheme "${scheme}:"`;
    throw refused(`The URL must be one of ${EXAMPLES}: saw ${seen}.`);
  }
  if (kind === 'sqlite') {
    const file = sqliteFile(given);
    return { kind, given, url: file, shown: `sqlite:${file}` };
  }
  if (!URL.canParse(given) || new URL(given).hostname === '') {
    throw refused(
      `The URL of a ${kind} store names no host, or has characters in its password that must be written as %40 and the like.`,
    );
  }
  return { kind, given, url: given.replace(/^mariadb:/i, 'mysql:'), shown: addressOf(given) };
};
