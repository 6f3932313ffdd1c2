import { CompiledQuery, sql, type Logger } from 'kysely';
import type { Db, Dialect } from '../src/stores/sql/dialect.ts';

/** Statements as a database was sent them, while somebody listens. */
export interface Heard {
  readonly log: Logger;
  /** What was sent for the sake of `work`. */
  during(work: () => Promise<unknown>): Promise<readonly CompiledQuery[]>;
}

export const createHeard = (): Heard => {
  let heard: CompiledQuery[] | null = null;
  return {
    log: ({ level, query }) => {
      if (level === 'query') heard?.push(query);
    },
    during: async (work) => {
      const mine: CompiledQuery[] = [];
      heard = mine;
      try {
        await work();
      } finally {
        heard = null;
      }
      return mine;
    },
  };
};

type Row = Readonly<Record<string, unknown>>;

const rowsOf = async (
  db: Db,
  word: string,
  { sql: text, parameters }: CompiledQuery,
): Promise<readonly Row[]> =>
  (await db.executeQuery<Row>(CompiledQuery.raw(`${word} ${text}`, [...parameters]))).rows;

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Plan Rows': number;
  readonly Plans?: readonly Plan[];
}

/** A table from end to end, or an index from end to end. */
const isWhole = (plan: Plan): boolean =>
  plan['Node Type'] === 'Seq Scan' ||
  (/^(Bitmap )?Index/.test(plan['Node Type']) && plan['Index Cond'] === undefined);

const wholeOf = (plan: Plan): string[] => [
  ...(isWhole(plan) ? [plan['Relation Name'] ?? plan['Index Name'] ?? ''] : []),
  ...(plan.Plans ?? []).flatMap(wholeOf),
];

const coveredOf = (plan: Plan): string[] => [
  ...(plan['Node Type'] === 'Index Only Scan' ? [plan['Relation Name'] ?? ''] : []),
  ...(plan.Plans ?? []).flatMap(coveredOf),
];

/** Tables of which Postgres reads an index, and no rows. */
export const coveredTables = async (db: Db, query: CompiledQuery): Promise<string[]> => {
  const [row] = await rowsOf(db, 'explain (format json)', query);
  return coveredOf((row!['QUERY PLAN'] as [{ Plan: Plan }])[0].Plan);
};

const onPostgres = async (db: Db, query: CompiledQuery): Promise<string[]> => {
  const [row] = await rowsOf(db, 'explain (format json)', query);
  return wholeOf((row!['QUERY PLAN'] as [{ Plan: Plan }])[0].Plan);
};

/** Tables by the names that a statement gives them. */
const aliases = (text: string): Map<string, string> => {
  const found = text.matchAll(/`(\w+)`(?: as)?(?: (?!where|on|set|join|straight|order)(\w+))?/g);
  return new Map([...found].map(([, table, alias]) => [alias ?? table!, table!]));
};

const onMysql = async (db: Db, query: CompiledQuery): Promise<string[]> => {
  const tables = aliases(query.sql);
  const rows = await rowsOf(db, 'explain', query);
  return rows
    .filter(
      ({ type, table }) => /^(ALL|index)$/.test(String(type)) && !String(table).startsWith('<'),
    )
    .map(({ table }) => tables.get(String(table)) ?? String(table));
};

/** The program of a statement tells more than its plan: which cursors begin at their first row, and stop at none. */
const onSqlite = async (db: Db, query: CompiledQuery): Promise<string[]> => {
  const { rows: pages } = await sql<{ tbl_name: string; rootpage: number }>`
    select tbl_name, rootpage from sqlite_schema where rootpage > 0`.execute(db);
  const tables = new Map(pages.map(({ rootpage, tbl_name }) => [rootpage, tbl_name]));
  const steps = await rowsOf(db, 'explain', query);
  const cursors = new Map<unknown, string>();
  const begun = new Set<unknown>();
  for (const { opcode, p1, p2 } of steps) {
    const step = String(opcode);
    const table = tables.get(Number(p2));
    if (/^Open(Read|Write)$/.test(step) && table !== undefined) cursors.set(p1, table);
    if (/^(Rewind|Last)$/.test(step)) begun.add(p1);
    if (/^Idx[GL][ET]$/.test(step)) begun.delete(p1);
  }
  return [...begun].flatMap((cursor) => cursors.get(cursor) ?? []);
};

interface DonePlan {
  readonly 'Node Type': string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly DonePlan[];
}

const looked = (plan: DonePlan): number => {
  const isScan = /(Seq|Index|Index Only|Heap) Scan$/.test(plan['Node Type']);
  const rows = plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0);
  const below = (plan.Plans ?? []).map(looked);
  return (isScan ? rows * plan['Actual Loops'] : 0) + below.reduce((a, b) => a + b, 0);
};

/** Rows of tables and indexes that Postgres looks at for a statement. */
export const rowsLooked = async (db: Db, query: CompiledQuery): Promise<number> => {
  const [row] = await rowsOf(db, 'explain (analyze, format json)', query);
  return looked((row!['QUERY PLAN'] as [{ Plan: DonePlan }])[0].Plan);
};

const PLANNED = /^\s*(select|with|update|delete)/i;
/** Nothing is looked up: they say who somebody is, or set a limit. */
const WITHOUT_TABLES = /^\s*select (set_config|pg_)/;

/** Tables, or their indexes, that a statement reads from end to end. */
export const wholeTables = async (
  db: Db,
  dialect: Dialect['name'],
  query: CompiledQuery,
): Promise<string[]> => {
  if (!PLANNED.test(query.sql) || WITHOUT_TABLES.test(query.sql)) return [];
  const on = { postgres: onPostgres, mysql: onMysql, sqlite: onSqlite };
  return on[dialect](db, query);
};
