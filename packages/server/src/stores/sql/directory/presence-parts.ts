import type { Db, Dialect } from '../dialect.ts';
import type { Tables } from '../tables.ts';
import type { Texts } from '../text.ts';

/** The store's tables beside the application's. Tenants and users in columns are as {@link Texts} writes them. */
export interface PresenceParts {
  readonly db: Db;
  readonly dialect: Dialect;
  readonly tables: Tables;
  readonly texts: Texts;
}
