import type { Account } from '@presence/core';
import type { Kysely, RawBuilder } from 'kysely';
import type { PlaceOptions } from '../place.ts';

/** Columns of the application's table, by what they hold. One of bytes is refused: no text can be told from it. */
export interface DirectoryColumns {
  /** The user's id, as `authenticate` names it: text, a whole number or a UUID. Unique within the tenant. */
  readonly userId: string;
  /** The tenant's id. Without it all users are of {@link SqlDirectoryOptions.tenant}. */
  readonly tenant?: string;
  readonly name?: string;
  readonly email?: string;
  readonly avatarUrl?: string;
}

export interface SearchOptions {
  /** Columns of the table that are searched. Default: those of name and e-mail. */
  readonly columns?: readonly string[];
  /**
   * Where the text may stand. `start` is served by an ordinary index of `lower(column)`, `anywhere` by
   * none but a trigram index. Default `anywhere`.
   */
  readonly match?: 'anywhere' | 'start';
}

/**
 * What the values of a column mean for the account: `{ status: { active: 'active', banned: 'banned' },
 * is_active: { true: 'active', false: 'inactive' } }`. `true` and `1` are the same, and so are `false` and
 * `0`; `null` is an empty column. Texts are compared exactly, whatever the column's collation; blanks at the end of a
 * `char(n)` are no part of it. The first column that blocks decides. A value that is not named is `inactive`, so that nobody
 * comes online in a state that nobody thought of.
 */
export type AccountColumns = Readonly<Record<string, Readonly<Record<string, Account>>>>;

export interface SqlDirectoryOptions<Schema> extends PlaceOptions {
  /** The application's Kysely. The directory only reads, and never closes it. */
  readonly db: Kysely<Schema>;
  /** The table or view of users, `users` or `app.users`. */
  readonly table: string;
  readonly columns: DirectoryColumns;
  /** The tenant of all users, where no column names it. Others have none. Default `default`. */
  readonly tenant?: string;
  readonly search?: SearchOptions;
  /** Default: the directory knows no account states. */
  readonly account?: AccountColumns;
  /**
   * The tables of `sqlStore` stand in the same database, under `prefix` and `schema`: the list can be
   * filtered by status, and sorted by when somebody was last seen. Default false.
   */
  readonly presence?: boolean;
  /** How long a call may take before it fails. Default 2000 ms; `account`, which heartbeats wait for, takes at most 900 ms. */
  readonly deadlineMs?: number;
}

/**
 * How values of a column are compared. `padded`: as texts of which blanks at the end do not count; `bits`: as integers that
 * are not written as such; `bytes`: not at all, no text can be told from them; `other`: as texts.
 */
export type Kind = 'text' | 'padded' | 'integer' | 'bits' | 'boolean' | 'uuid' | 'bytes' | 'other';

/** A column of the application's table, as the database describes it. */
export interface Column {
  readonly name: string;
  readonly kind: Kind;
  readonly isNullable: boolean;
  /** Whether no two texts are equal to the database. Many a collation ignores case, accents, or blanks at the end. */
  readonly isExact: boolean;
  readonly ref: RawBuilder<unknown>;
}

/** The application's table stands as this in each statement. */
export const ALIAS = 'd';
