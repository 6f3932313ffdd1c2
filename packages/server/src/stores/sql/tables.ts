import { sql, type RawBuilder } from 'kysely';

export type ColumnType = 'text' | 'int';

/** Columns of a table in the order in which rows are written, each with the type of its values. */
type Columns = Readonly<Record<string, ColumnType>>;

export type Row = readonly (string | number | null)[];

export interface Table {
  readonly name: RawBuilder<unknown>;
  /** As it is written in a statement. */
  readonly text: string;
  readonly columns: Columns;
}

const column = <Name extends string>(names: Record<Name, ColumnType>): Record<Name, ColumnType> =>
  Object.freeze(names);

const COLUMNS = Object.freeze({
  user: column({
    tenant: 'text',
    user_id: 'text',
    revision: 'int',
    version: 'int',
    status: 'text',
    since: 'int',
    last_seen_at: 'int',
    last_active_at: 'int',
    deadline: 'int',
    solo: 'text',
    holds_absent: 'int',
    scopes: 'text',
    data: 'text',
    leases: 'text',
  }),
  lease: column({
    id: 'text',
    expires_at: 'int',
    check_at: 'int',
    pardon: 'int',
    tenant: 'text',
    user_id: 'text',
  }),
  node: column({ id: 'text', expires_at: 'int', pardon: 'int' }),
  hold: column({ lease_id: 'text', solo: 'int', tenant: 'text', user_id: 'text' }),
  scope: column({
    tenant: 'text',
    scope: 'text',
    status: 'text',
    user_id: 'text',
    solo: 'text',
  }),
  feed: column({ tenant: 'text', seq: 'int' }),
  change: column({
    tenant: 'text',
    seq: 'int',
    user_id: 'text',
    revision: 'int',
    at: 'int',
    data: 'text',
  }),
  step: column({
    tenant: 'text',
    user_id: 'text',
    revision: 'int',
    version: 'int',
    status: 'text',
    at: 'int',
    cause: 'text',
  }),
  erasure: column({ tenant: 'text', user_id: 'text', below: 'int', at: 'int' }),
  declared: column({ tenant: 'text', user_id: 'text' }),
  announced: column({ id: 'text', tenant: 'text', user_id: 'text', gone: 'int', at: 'int' }),
  policy: column({ id: 'int', settings: 'text' }),
  hook: column({ name: 'text', enrolled_until: 'int', owner: 'text', owned_until: 'int' }),
  outbox: column({
    hook: 'text',
    tenant: 'text',
    user_id: 'text',
    revision: 'int',
    version: 'int',
    at: 'int',
    failed_at: 'int',
    tries: 'int',
    reason: 'text',
    data: 'text',
  }),
  meta: column({
    id: 'int',
    epoch: 'text',
    pulse_at: 'int',
    pardon: 'int',
    pardons: 'text',
    alive_at: 'int',
    shared_until: 'int',
    own_until: 'int',
  }),
});

export type TableName = keyof typeof COLUMNS;

/** Where the store's tables stand in the application's database. */
export interface Place {
  /** Begins each name. */
  readonly prefix: string;
  /** `undefined`: wherever the connection looks first. */
  readonly schema: string | undefined;
}

export type Tables = Readonly<Record<TableName, Table>> & { readonly place: Place };

export const nameOf = ({ prefix, schema }: Place, name: string): string =>
  schema === undefined ? `${prefix}${name}` : `${schema}.${prefix}${name}`;

export const createTables = (place: Place): Tables => {
  const entries = Object.entries(COLUMNS).map(([name, columns]) => {
    const text = nameOf(place, name);
    return [name, { name: sql.table(text), text, columns }];
  });
  return { ...(Object.fromEntries(entries) as Record<TableName, Table>), place };
};
