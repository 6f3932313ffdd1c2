import { COMMANDS, type Command } from './commands.ts';
import { COMMON, OPTIONS, type OptionName } from './options.ts';

const EXIT_CODES =
  'Exit codes: 0 done, 1 the store did not do it, 2 something has to be changed first, 3 looked at and not well.';

const columns = (rows: readonly (readonly [string, string])[]): string[] => {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
};

const optionRow = (name: OptionName): readonly [string, string] => {
  const { value, says } = OPTIONS[name] as { readonly value?: string; readonly says: string };
  return [`--${name}${value === undefined ? '' : ` ${value}`}`, says];
};

const called = (name: string, { words }: Command): string => [name, ...words].join(' ');

/** What `presence --help` prints. */
export const usage = (): string[] => [
  'presence <command> --url <url> [options]',
  '',
  ...columns(
    Object.entries(COMMANDS).map(([name, command]) => [called(name, command), command.says]),
  ),
  '',
  'presence <command> --help lists the options of one.',
  EXIT_CODES,
];

/** What `presence <command> --help` prints. */
export const usageOf = (name: string, command: Command): string[] => [
  `presence ${called(name, command)}: ${command.says}`,
  '',
  ...columns([...command.options, ...COMMON].map(optionRow)),
  '',
  EXIT_CODES,
];
