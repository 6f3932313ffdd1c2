import { parseArgs } from 'node:util';
import { refused } from './failures.ts';

type Kind = 'string' | 'boolean';

interface Option {
  readonly type: Kind;
  /** What stands behind it in the help. */
  readonly value?: string;
  readonly says: string;
}

const option = <Table extends Record<string, Option>>(table: Table): Table => Object.freeze(table);

/** Every option there is. Which command takes which: `commands.ts`. */
export const OPTIONS = option({
  url: {
    type: 'string',
    value: '<url>',
    says: 'postgres://, mysql://, mariadb://, sqlite:<file>, redis:// or rediss://; default $PRESENCE_DATABASE_URL',
  },
  prefix: {
    type: 'string',
    value: '<text>',
    says: 'begins the names of tables (presence_) or keys (presence)',
  },
  schema: { type: 'string', value: '<name>', says: 'of the tables on Postgres; database on MySQL' },
  tenant: { type: 'string', value: '<id>', says: 'whose users; default "default"' },
  policy: {
    type: 'string',
    value: '<file>',
    says: 'JSON with the policy of your application, where it has one of its own',
  },
  history: {
    type: 'boolean',
    says: 'your application keeps a history in its SQL store: what is committed belongs to it',
  },
  cluster: { type: 'boolean', says: 'the Redis is a Cluster' },
  partitions: { type: 'string', value: '<n>', says: 'as your redisStore has it' },
  'shards-per-tenant': { type: 'string', value: '<n>', says: 'as your redisStore has it' },
  all: { type: 'boolean', says: 'every migration, not the last one only' },
  yes: { type: 'boolean', says: 'I know that the data is lost' },
  'no-wait': {
    type: 'boolean',
    says: 'do not wait for those who get time to come back after a stop',
  },
  app: {
    type: 'string',
    value: '<url>',
    says: 'where your application mounts presence, to be asked through its proxies',
  },
  json: { type: 'boolean', says: 'JSON instead of words' },
  help: { type: 'boolean', says: 'this text' },
  version: { type: 'boolean', says: 'the version of the package' },
});

export type OptionName = keyof typeof OPTIONS;

/** Given to every command. */
export const COMMON: readonly OptionName[] = ['json', 'help', 'version'];

/** Where the store is. */
export const PLACE: readonly OptionName[] = ['url', 'prefix', 'schema'];

/** How a Redis is laid out. */
export const REDIS: readonly OptionName[] = ['cluster', 'partitions', 'shards-per-tenant'];

export type Options = {
  readonly [Name in OptionName]?: (typeof OPTIONS)[Name]['type'] extends 'boolean'
    ? boolean
    : string;
};

export interface CommandLine {
  readonly words: readonly string[];
  readonly options: Options;
}

/** @throws PresenceError `invalid_options` */
export const parse = (args: readonly string[]): CommandLine => {
  const options = Object.fromEntries(
    Object.entries(OPTIONS).map(([name, { type }]) => [name, { type }]),
  );
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
    return { words: positionals, options: values };
  } catch (error) {
    const [what] = (error as Error).message.split('. To specify');
    throw refused(`${what}. See: presence --help`);
  }
};

/** @throws PresenceError `invalid_options` */
export const wholeNumber = (name: OptionName, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw refused(`--${name} takes a whole number: saw "${text}".`);
};
