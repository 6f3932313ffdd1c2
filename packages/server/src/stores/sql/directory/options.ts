import { ACCOUNTS } from '@presence/core';
import { invalid } from '../failures.ts';
import type { SqlDirectoryOptions } from './types.ts';

const KNOWN = [
  'db',
  'table',
  'columns',
  'tenant',
  'search',
  'account',
  'presence',
  'prefix',
  'schema',
  'dialect',
  'deadlineMs',
];
const COLUMNS = ['userId', 'tenant', 'name', 'email', 'avatarUrl'];
const SEARCH = ['columns', 'match'];
const MATCHES = ['anywhere', 'start'];

const checkKnown = (place: string, given: object, known: readonly string[]): void => {
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) {
      throw invalid(`${place}"${name}" is not an option. Known: ${known.join(', ')}.`);
    }
  }
};

const isName = (name: unknown): boolean => typeof name === 'string' && name !== '';

const checkNames = (place: string, names: Readonly<Record<string, unknown>>): void => {
  for (const [option, name] of Object.entries(names)) {
    if (name !== undefined && !isName(name)) {
      throw invalid(`${place}${option} must name a column: saw ${JSON.stringify(name)}.`);
    }
  }
};

const checkAccounts = (
  account: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): void => {
  if (Object.keys(account).length === 0) {
    throw invalid('account names no column. Name one with its values, or leave it out.');
  }
  for (const [column, states] of Object.entries(account)) {
    for (const [value, state] of Object.entries(states)) {
      if (!(ACCOUNTS as readonly unknown[]).includes(state)) {
        throw invalid(
          `account.${column}.${value} must be one of ${ACCOUNTS.join(', ')}: saw ${JSON.stringify(state)}.`,
        );
      }
    }
  }
};

/** @throws PresenceError `invalid_options` */
export const checkOptions = <Schema>(options: SqlDirectoryOptions<Schema>): void => {
  const { table, columns, search = {}, account, deadlineMs } = options;
  checkKnown('', options, KNOWN);
  if (!isName(table)) throw invalid(`table must name a table: saw ${JSON.stringify(table)}.`);
  if (!isName(columns?.userId)) {
    throw invalid("columns.userId is missing: the column with the users' ids.");
  }
  checkKnown('columns: ', columns, COLUMNS);
  checkNames('columns.', { ...columns });
  checkKnown('search: ', search, SEARCH);
  checkNames('search.columns.', Object.fromEntries((search.columns ?? []).entries()));
  if (search.match !== undefined && !MATCHES.includes(search.match)) {
    throw invalid(
      `search.match must be one of ${MATCHES.join(', ')}: saw ${JSON.stringify(search.match)}.`,
    );
  }
  if (account) checkAccounts(account);
  if (columns.tenant !== undefined && options.tenant !== undefined) {
    throw invalid('tenant names one tenant and columns.tenant a column of them. Leave one out.');
  }
  if (deadlineMs !== undefined && !(deadlineMs > 0)) {
    throw invalid(`deadlineMs must be above 0: saw ${String(deadlineMs)}.`);
  }
};
