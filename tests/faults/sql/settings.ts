export type DatabaseKind = 'Postgres' | 'MariaDB' | 'SQLite';

/** Where a node's database is. */
export interface DatabaseAddress {
  readonly kind: DatabaseKind;
  /** A URL, or the path of a file. */
  readonly address: string;
}

/** What a node over SQL is started with, as JSON in its first argument. */
export interface SqlNodeSettings extends DatabaseAddress {
  /** Of the Redis in which presence lives, with the database behind it; null: it lives in the database. */
  readonly redisPort: number | null;
  /** What it tells every change; null: nobody. */
  readonly webhookUrl: string | null;
}

/** What it says when it listens. */
export interface SqlNodeWord {
  readonly port: number;
}
