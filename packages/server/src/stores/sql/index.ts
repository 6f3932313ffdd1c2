export { sqlDirectory } from './directory/sql-directory.ts';
export type { SqlDirectory } from './directory/sql-directory.ts';
export type {
  AccountColumns,
  DirectoryColumns,
  SearchOptions,
  SqlDirectoryOptions,
} from './directory/types.ts';
export type { ListenClient, ListenPool } from './feed/listening.ts';
export { sqlHistory } from './history/sql-history.ts';
export { migrate, migrateDown, migrationStatus } from './migrations/migrate.ts';
export type { Migrated, MigrationStatus } from './migrations/migrate.ts';
export { nodeSqlite } from './node-sqlite.ts';
export type { NodeDatabase } from './node-sqlite.ts';
export type { PlaceOptions } from './place.ts';
export type { SqlOptions } from './sql-options.ts';
export { sqlSink } from './sink/sql-sink.ts';
export { sqlStore } from './sql-store.ts';
export type { SqlStoreOptions } from './sql-store.ts';
