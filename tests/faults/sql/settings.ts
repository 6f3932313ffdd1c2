export type DatabaseKind = 'Postgres' | 'MariaDB' | 'SQLite';

/** What a node over SQL is started with, as JSON in its first argument. */
export interface SqlNodeSettings {
  readonly kind: DatabaseKind;
  /** A URL, or the path of a file. */
  readonly address: string;
}

/** What it says when it listens. */
export interface SqlNodeWord {
  readonly port: number;
}
