import type { MessageTables } from '@presence/example-shared/messages.ts';
import { sqliteFile } from '@presence/example-shared/sqlite.ts';
import { Kysely } from 'kysely';

/** The application's own tables; presence brings its own beside them. */
interface Tables extends MessageTables {
  readonly chat_person: {
    readonly id: string;
    readonly name: string;
    readonly hue: number;
    readonly joined_at: number;
  };
}

export type Database = Kysely<Tables>;

/**
 * Opens a file of SQLite, and makes the table of people where it is missing.
 *
 * @param file `:memory:` for one that ends with the process
 */
export const openDatabase = async (file: string): Promise<Database> => {
  const db = new Kysely<Tables>({ dialect: sqliteFile(file) });
  await db.schema
    .createTable('chat_person')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('hue', 'integer', (column) => column.notNull())
    .addColumn('joined_at', 'integer', (column) => column.notNull())
    .execute();
  return db;
};
