import { isPresenceError, type Policy } from '@presence/core';
import { DEFAULT_TENANT } from '../tenant/tenant.ts';
import { checkId } from '../tenant/ids.ts';
import type { Call } from './call.ts';
import { COMMANDS, type Command } from './commands.ts';
import { EXIT, exitCodeOf, inOneLine, refused } from './failures.ts';
import type { Io } from './io.ts';
import { COMMON, parse, type CommandLine, type OptionName, type Options } from './options.ts';
import { jsonLine, plain } from './plain.ts';
import { readPolicy } from './policy.ts';
import { hideSecrets } from './secrets.ts';
import { needing } from './target/packages.ts';
import { readUrl, type StoreKind } from './target/url.ts';
import { usage, usageOf } from './usage.ts';
import { ownVersion } from './version.ts';

/** What has to be installed for a store of each kind. */
const PACKAGES: Readonly<Record<StoreKind, string>> = Object.freeze({
  postgres: 'kysely pg',
  mysql: 'kysely mysql2',
  sqlite: 'kysely',
  redis: 'ioredis',
});

const commandOf = (name: string): Command => {
  if (Object.hasOwn(COMMANDS, name)) return COMMANDS[name as keyof typeof COMMANDS];
  throw refused(`"${name}" is no command. There are: ${Object.keys(COMMANDS).join(', ')}.`);
};

const checkShape = (name: string, command: Command, { words, options }: CommandLine): void => {
  const known = [...command.options, ...COMMON];
  const foreign = Object.keys(options).find((given) => !known.includes(given as OptionName));
  if (foreign !== undefined) {
    throw refused(`presence ${name} has no option --${foreign}. See: presence ${name} --help`);
  }
  if (words.length - 1 === command.words.length) return;
  const wanted = command.words.length === 0 ? 'nothing' : command.words.join(' ');
  throw refused(
    `presence ${name} takes ${wanted} behind its name: saw ${JSON.stringify(words.slice(1))}.`,
  );
};

const given = <Value extends object>(
  value: Value,
): { [Key in keyof Value]: NonNullable<Value[Key]> } =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as never;

const callOf = (line: CommandLine, command: Command, io: Io, url: string | undefined): Call => {
  const { options, words } = line;
  const address = readUrl(url);
  if (command.isSqlOnly && address.kind === 'redis') {
    throw refused('Redis has no tables: there is nothing to migrate.');
  }
  const { tenant = DEFAULT_TENANT, prefix, schema } = options;
  if (schema !== undefined && (address.kind === 'redis' || address.kind === 'sqlite')) {
    throw refused('--schema is of Postgres and MySQL. Use --prefix to tell applications apart.');
  }
  checkId('tenant', tenant);
  if (
    address.kind === 'mysql' &&
    schema === undefined &&
    /^\/?$/.test(new URL(address.url).pathname)
  ) {
    throw refused('The URL names no database: add /name, or pass --schema.');
  }
  const policy: Policy = readPolicy(options.policy);
  return {
    io,
    options,
    words: words.slice(1),
    address,
    place: given({ prefix, schema }),
    policy,
    tenant,
    tell: (value, lines) => {
      if (options.json) io.out(jsonLine(value));
      else for (const each of lines) io.out(plain(each));
    },
    remark: (text) => {
      if (!options.json) io.err(plain(text));
    },
  };
};

const tellError = (error: unknown, { options }: { options: Options }, io: Io, url?: string) => {
  const message = hideSecrets(inOneLine(error), url);
  const code = isPresenceError(error) ? error.code : 'internal';
  if (options.json) io.out(jsonLine({ error: { code, message } }));
  else io.err(plain(message));
};

const run = async (line: CommandLine, io: Io, url: string | undefined): Promise<number> => {
  const { words, options } = line;
  const [name] = words;
  if (options.version) return (io.out(ownVersion()), EXIT.done);
  if (name === undefined) {
    for (const each of usage()) (options.help ? io.out : io.err)(each);
    return options.help ? EXIT.done : EXIT.refused;
  }
  const command = commandOf(name);
  if (options.help) {
    for (const each of usageOf(name, command)) io.out(each);
    return EXIT.done;
  }
  checkShape(name, command, line);
  const call = callOf(line, command, io, url);
  const { run } = await needing(PACKAGES[call.address.kind], command.load);
  return (await needing(PACKAGES[call.address.kind], () => run(call))) ?? EXIT.done;
};

/** The whole of the command line tool. Resolves with the exit code, and never rejects. */
export const main = async (args: readonly string[], io: Io): Promise<number> => {
  let line: CommandLine = { words: [], options: { json: args.includes('--json') } };
  let url: string | undefined;
  try {
    line = parse(args);
    url = line.options.url ?? io.env['PRESENCE_DATABASE_URL'];
    return await run(line, io, url);
  } catch (error) {
    tellError(error, line, io, url);
    return exitCodeOf(error);
  }
};
