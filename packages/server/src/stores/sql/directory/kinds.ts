import { sql, type RawBuilder } from 'kysely';
import type { Dialect } from '../dialect.ts';
import { textArray } from '../dialects/text-array.ts';
import type { Column, Kind } from './types.ts';

/*
 * Texts of callers beside columns of the application's types. What a column cannot hold is nothing's
 * value: it is left out, and never reaches the database.
 */

const INTEGER = /^(0|-?[1-9]\d{0,18})$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const [LEAST, MOST] = [-(2n ** 63n), 2n ** 63n - 1n];

const isInteger = (text: string): boolean =>
  INTEGER.test(text) && BigInt(text) >= LEAST && BigInt(text) <= MOST;

/** Half a character has no bytes of its own: it would be taken for another. */
const HALF = /\p{Surrogate}/u;

const isText = (text: string): boolean => !text.includes('\0') && !HALF.test(text);

const FITS: Readonly<Record<Kind, (text: string) => boolean>> = Object.freeze({
  text: isText,
  padded: (text) => isText(text) && !text.endsWith(' '),
  integer: isInteger,
  bits: isInteger,
  bytes: () => false,
  boolean: (text) => text === 'true' || text === 'false',
  uuid: (text) => UUID.test(text),
  other: isText,
});

/** Whether a column can hold this text as the text of a value. `'01'` is no number's. */
export const fits = ({ kind }: Column, text: string): boolean => FITS[kind](text);

/** A column's value as text, whatever its type. */
export const textOf = ({ name }: Dialect, { ref, kind }: Column): RawBuilder<string> => {
  if (kind === 'text') return sql<string>`${ref}`;
  // As they are cast they would be the character of that number.
  if (kind === 'bits') return sql<string>`cast(${ref} + 0 as char)`;
  return name === 'mysql' ? sql`cast(${ref} as char)` : sql`cast(${ref} as text)`;
};

/** A text that fits the column, to compare the column with. */
export const valueOf = ({ name }: Dialect, { kind }: Column, text: string): RawBuilder<unknown> =>
  name === 'mysql' && (kind === 'integer' || kind === 'bits')
    ? sql`cast(${text} as signed)`
    : sql`${text}`;

/** What Postgres compares a column with. Blanks at the end of a `bpchar` are no part of it. */
const TYPES: Readonly<Record<Kind, string>> = Object.freeze({
  text: 'text',
  padded: 'bpchar',
  integer: 'bigint',
  bits: 'bigint',
  bytes: 'bytea',
  boolean: 'boolean',
  uuid: 'uuid',
  other: 'text',
});

/** As it is compared: of a type that has no values in common with texts, as a text. */
const comparedOf = (dialect: Dialect, column: Column): RawBuilder<unknown> =>
  column.kind === 'other' ? sql`(${textOf(dialect, column)})` : column.ref;

const typeOf = ({ kind }: Column): RawBuilder<unknown> => sql.raw(TYPES[kind]);

/** Of texts, those that a column can hold, as Postgres takes them. */
const arrayOf = (column: Column, texts: readonly string[]): RawBuilder<unknown> =>
  sql`${texts.filter((text) => fits(column, text))}::${typeOf(column)}[]`;

/** An index keeps its order behind one value, and not behind a list of one. */
const oneOnPostgres = (ref: RawBuilder<unknown>, column: Column, texts: readonly string[]) =>
  texts.length === 1
    ? sql<boolean>`${ref} = ${texts[0]}::${typeOf(column)}`
    : sql<boolean>`${ref} = any(${arrayOf(column, texts)})`;

/** An index keeps its order behind one value here as well. */
const oneOnSqlite = (ref: RawBuilder<unknown>, { kind }: Column, texts: readonly string[]) => {
  if (texts.length === 1) return sql<boolean>`${ref} = ${texts[0]}`;
  // One text, so that a statement is the same for any number of them; digits stay digits.
  const list = kind === 'integer' ? `[${texts.join()}]` : JSON.stringify(texts);
  return sql<boolean>`${ref} in (select value from json_each(${list}))`;
};

/** Whether the column has one of these values, or one that only looks like it to the column's collation. */
const oneOf = (dialect: Dialect, column: Column, texts: readonly string[]): RawBuilder<boolean> => {
  const fitting = texts.filter((text) => fits(column, text));
  if (fitting.length === 0) return sql<boolean>`1 = 0`;
  const compared = comparedOf(dialect, column);
  if (dialect.name === 'postgres') return oneOnPostgres(compared, column, fitting);
  if (dialect.name === 'mysql') {
    const values = sql.join(fitting.map((text) => valueOf(dialect, column, text)));
    return sql<boolean>`${compared} in (${values})`;
  }
  return oneOnSqlite(compared, column, fitting);
};

/**
 * Whether the column has one of many ids, each of which is to be looked up. Postgres would rather read a whole table than
 * look a thousand of them up, and takes a list that it cannot see for a short one.
 */
export const oneOfIds = (
  dialect: Dialect,
  column: Column,
  texts: readonly string[],
): RawBuilder<boolean> =>
  dialect.name === 'postgres'
    ? sql<boolean>`${comparedOf(dialect, column)} = any((select ${textArray(texts.filter((text) => fits(column, text)))})::${typeOf(column)}[])`
    : oneOf(dialect, column, texts);

/** Of these kinds a value has but one text. */
const ONE_TEXT: readonly Kind[] = ['integer', 'bits', 'boolean', 'uuid'];

/** Whether a text is one of these, byte by byte. No index serves it, so that none is taken for it that has another order. */
const isSameText = (
  dialect: Dialect,
  column: Column,
  texts: readonly string[],
): RawBuilder<boolean> => {
  const text = textOf(dialect, column);
  if (dialect.name === 'postgres') {
    return oneOnPostgres(sql`(${text})::text collate "C"`, { ...column, kind: 'text' }, texts);
  }
  if (dialect.name === 'sqlite') {
    return oneOnSqlite(sql`cast(${column.ref} as text) collate binary`, column, texts);
  }
  // Bytes are compared as they are, and of one character set: the column may have another.
  const bytes = (of: unknown) => sql`cast(convert(${of} using utf8mb4) as binary)`;
  return sql<boolean>`${bytes(text)} in (${sql.join(texts.map(bytes))})`;
};

/** Whether the column's text is one of these, as it is shown. What an index finds is asked first. */
export const exactlyOneOf = (
  dialect: Dialect,
  column: Column,
  texts: readonly string[],
): RawBuilder<boolean> => {
  const found = oneOf(dialect, column, texts);
  const fitting = texts.filter((text) => fits(column, text));
  if (column.isExact || ONE_TEXT.includes(column.kind) || fitting.length === 0) return found;
  return sql<boolean>`(${found} and ${isSameText(dialect, column, fitting)})`;
};

const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/^uuid$/, 'uuid'],
  [/^bool(ean)?$/, 'boolean'],
  [/^bit(\(\d+\))?$/, 'bits'],
  [/^bytea$|^((tiny|medium|long)?blob|(var)?binary)(\(\d+\))?$/, 'bytes'],
  [/^(character|bpchar)$/, 'padded'],
  [/^(tiny|small|medium|big)?int(eger|2|4|8)?(\(\d+\))?( unsigned)?$/, 'integer'],
  [
    /^((character|var|n|native )*char(acter)?( varying)?|(tiny|medium|long)?text|name)(\(\d+\))?$/,
    'text',
  ],
];

/** Types of one name are different things to databases. */
const ELSEWHERE: Readonly<Record<Dialect['name'], Partial<Record<Kind, Kind>>>> = {
  // Of bits the text has a digit for each.
  postgres: { bits: 'other' },
  mysql: { boolean: 'integer', uuid: 'text', padded: 'text' },
  sqlite: { boolean: 'integer', bits: 'integer', uuid: 'text', padded: 'text' },
};

/** What the database calls a type, as far as values are compared differently. */
export const kindOf = ({ name }: Dialect, type: string): Kind => {
  const kind = KINDS.find(([pattern]) => pattern.test(type.toLowerCase()))?.[1] ?? 'other';
  return ELSEWHERE[name][kind] ?? kind;
};
