import { sql, type RawBuilder } from 'kysely';
import type { Dialect } from '../dialect.ts';
import { textOf } from './kinds.ts';
import type { Column, SearchOptions } from './types.ts';

type Match = NonNullable<SearchOptions['match']>;

const ANYTHING = { like: '%', glob: '*' } as const;

const around = (match: Match, pattern: string, anything: string): string =>
  `${match === 'anywhere' ? anything : ''}${pattern}${anything}`;

/** Not a backslash, which MySQL takes for something else by its settings. */
const ESCAPE = '|';

const likePattern = (text: string, match: Match): string =>
  around(match, text.replaceAll(/[%_|]/g, `${ESCAPE}$&`), ANYTHING.like);

/** Letters that the database's locale may not know are looked for in each case. */
const spellings = (text: string): readonly string[] => [
  ...new Set(/^\p{ASCII}*$/u.test(text) ? [text] : [text, text.toLowerCase(), text.toUpperCase()]),
];

const like = (value: RawBuilder<string>, text: string, match: Match): RawBuilder<boolean> => {
  const each = spellings(text).map(
    (spelling) =>
      sql`lower(${value}) like lower(${likePattern(spelling, match)}) escape ${sql.lit(ESCAPE)}`,
  );
  return sql<boolean>`${sql.join(each, sql` or `)}`;
};

/** SQLite folds ASCII alone: each letter is looked for in both cases. */
const globPattern = (text: string, match: Match): string => {
  const units = Array.from(text, (letter) => {
    const [lower, upper] = [letter.toLowerCase(), letter.toUpperCase()];
    // Not ß, which is SS.
    const isOne = lower.length === letter.length && upper.length === letter.length;
    if (lower !== upper && isOne) return `[${lower}${upper}]`;
    return '*?['.includes(letter) ? `[${letter}]` : letter;
  });
  return around(match, units.join(''), ANYTHING.glob);
};

/** Whether one of the columns holds the text, whatever the case of its letters. */
export const holdsText = (
  dialect: Dialect,
  columns: readonly Column[],
  text: string,
  match: Match = 'anywhere',
): RawBuilder<boolean> => {
  // No column of any of them holds it.
  if (text.includes('\0') || columns.length === 0) return sql<boolean>`1 = 0`;
  const each = columns.map((column) => {
    const value = textOf(dialect, column);
    return dialect.name === 'sqlite'
      ? sql`${value} glob ${globPattern(text, match)}`
      : like(value, text, match);
  });
  return sql<boolean>`(${sql.join(each, sql` or `)})`;
};
