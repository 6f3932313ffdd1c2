import { isBlocked, type Account } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import type { Dialect } from '../dialect.ts';
import { exactlyOneOf } from './kinds.ts';
import type { SourceTable } from './source-table.ts';
import type { AccountColumns, Column } from './types.ts';

/** Reads account states from columns of the application's. */
export interface AccountStates {
  /** In the order in which {@link AccountStates.of} takes their values. */
  readonly columns: readonly Column[];
  /** @param values texts of the columns' values; `undefined`: there are no such columns */
  of(values: readonly (string | null)[]): Account | undefined;
  /** Whether a row is in this state. */
  is(account: Account): RawBuilder<boolean>;
}

const UNNAMED: Account = 'inactive';

const SAME: Readonly<Record<string, string>> = Object.freeze({
  true: '1',
  '1': 'true',
  false: '0',
  '0': 'false',
});

/** States by the text of a value, `true` and `1` alike. */
const statesOf = (given: Readonly<Record<string, Account>>): ReadonlyMap<string, Account> => {
  const states = new Map<string, Account>();
  for (const [value, account] of Object.entries(given)) {
    const same = SAME[value];
    if (same !== undefined && !Object.hasOwn(given, same)) states.set(same, account);
    states.set(value, account);
  }
  return states;
};

interface Judged {
  readonly column: Column;
  readonly states: ReadonlyMap<string, Account>;
}

/** Whether one column says this. */
const says = (dialect: Dialect, { column, states }: Judged, account: Account) => {
  const named = [...states.keys()].filter((value) => value !== 'null');
  const meant = named.filter((value) => states.get(value) === account);
  const alternatives = [exactlyOneOf(dialect, column, meant)];
  if ((states.get('null') ?? UNNAMED) === account) alternatives.push(sql`${column.ref} is null`);
  if (account === UNNAMED) alternatives.push(sql`not ${exactlyOneOf(dialect, column, named)}`);
  return sql<boolean>`(${sql.join(alternatives, sql` or `)})`;
};

export const createAccountStates = (
  dialect: Dialect,
  table: SourceTable,
  given: AccountColumns = {},
): AccountStates => {
  const judged = Object.entries(given).map(([name, states]): Judged => ({
    column: table.column(name),
    states: statesOf(states),
  }));
  const all = (account: Account, of: readonly Judged[]): RawBuilder<boolean>[] =>
    of.map((each) => says(dialect, each, account));

  const blockedBy = (account: Account, place: number): RawBuilder<boolean> =>
    sql`(${sql.join([...all('active', judged.slice(0, place)), ...all(account, [judged[place]!])], sql` and `)})`;

  return {
    columns: judged.map(({ column }) => column),
    of: (values) => {
      if (judged.length === 0) return undefined;
      const accounts = judged.map(
        ({ states }, place) => states.get(values[place] ?? 'null') ?? UNNAMED,
      );
      return accounts.find(isBlocked) ?? 'active';
    },
    is: (account) => {
      if (!isBlocked(account))
        return sql<boolean>`(${sql.join(all('active', judged), sql` and `)})`;
      const places = judged.flatMap(({ states }, place) =>
        account === UNNAMED || [...states.values()].includes(account)
          ? [blockedBy(account, place)]
          : [],
      );
      return places.length === 0
        ? sql<boolean>`1 = 0`
        : sql<boolean>`(${sql.join(places, sql` or `)})`;
    },
  };
};
