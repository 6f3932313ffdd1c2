import { sql, type RawBuilder } from 'kysely';
import type { Ground } from './migrations.ts';

type Part = RawBuilder<unknown>;

/** How a database writes the kinds of columns and tables that the store has. */
export interface Types {
  /** Compared byte by byte: case, accents, trailing spaces and normal forms make another id. */
  readonly key: Part;
  /** A text of any length that is never compared. */
  readonly long: Part;
  readonly int: Part;
  /** Behind a table of short rows whose key is most of them. */
  readonly narrow: Part;
  /** Behind a table whose rows change in place all the time. */
  readonly hot: Part;
}

const POSTGRES: Types = {
  key: sql`text collate "C"`,
  long: sql`text`,
  int: sql`bigint`,
  narrow: sql``,
  // Room on each page, so that a renewal touches no index.
  hot: sql`with (fillfactor = 50)`,
};

const SQLITE: Types = {
  key: sql`text`,
  long: sql`text`,
  int: sql`integer`,
  narrow: sql`without rowid`,
  hot: sql`without rowid`,
};

const mysql = (collation: Part): Types => ({
  key: sql`varchar(250) character set utf8mb4 collate ${collation}`,
  long: sql`longtext character set utf8mb4 collate ${collation}`,
  int: sql`bigint`,
  narrow: sql`engine = InnoDB`,
  hot: sql`engine = InnoDB`,
});

/** MySQL and MariaDB call the collation differently that does not take trailing spaces for nothing. */
const mysqlTypes = async ({ db }: Ground): Promise<Types> => {
  const { rows } = await sql<{ version: string }>`select version() as version`.execute(db);
  const isMaria = rows[0]!.version.includes('MariaDB');
  return mysql(isMaria ? sql`utf8mb4_nopad_bin` : sql`utf8mb4_0900_bin`);
};

export const typesOf = async (ground: Ground): Promise<Types> => {
  if (ground.dialect.name === 'postgres') return POSTGRES;
  return ground.dialect.name === 'sqlite' ? SQLITE : mysqlTypes(ground);
};
