import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { nodeSqlite } from '@presence/server/sql';
import { SqliteDialect } from 'kysely';

/**
 * A file of SQLite, for Kysely. The folder is made where it is missing.
 *
 * @param file `:memory:` for one that ends with the process
 */
export const sqliteFile = (file: string): SqliteDialect => {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
  return new SqliteDialect({ database: nodeSqlite(new DatabaseSync(file)) });
};
