import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { nodeSqlite } from '@presence/server/sql';
import { Kysely, SqliteDialect } from 'kysely';

/** The application's own tables; presence brings its own beside them. */
interface Tables {
  readonly chat_person: {
    readonly id: string;
    readonly name: string;
    readonly hue: number;
    readonly joined_at: number;
  };
  readonly chat_message: {
    readonly id: string;
    readonly room: string;
    readonly person_id: string;
    readonly text: string;
    readonly sent_at: number;
  };
}

export type Database = Kysely<Tables>;

/**
 * Opens a file of SQLite, and makes the tables that it lacks.
 *
 * @param file `:memory:` for one that ends with the process
 */
export const openDatabase = async (file: string): Promise<Database> => {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
  const sqlite = new DatabaseSync(file);
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: nodeSqlite(sqlite) }) });
  await db.schema
    .createTable('chat_person')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('hue', 'integer', (column) => column.notNull())
    .addColumn('joined_at', 'integer', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('chat_message')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('room', 'text', (column) => column.notNull())
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('sent_at', 'integer', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('chat_message_room')
    .ifNotExists()
    .on('chat_message')
    .columns(['room', 'sent_at'])
    .execute();
  return db;
};
