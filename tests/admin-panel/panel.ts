import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';
import { expect } from 'vitest';
import { startExample, type Example } from '../browser/example.ts';

/**
 * The settings of such applications, each divided by twenty: a beat each 30 s, offline after two minutes, a list each 10 s,
 * tokens of 15 minutes.
 */
export const QUICK = {
  policy: {
    heartbeatMs: 1500,
    hiddenHeartbeatMs: 3000,
    leaseMs: 6000,
    pingMs: 1250,
    pongTimeoutMs: 1000,
    grace: { lostMs: 750, closedMs: 250, drainMs: 3000 },
  },
  // As many heartbeats as that makes.
  limits: { beatsPerMinute: 200 },
  refreshMs: 500,
  accessMs: 45_000,
};

type Settings = typeof QUICK;

type Row = Readonly<Record<string, unknown>>;

/** The running example, and its database as anybody with SQL reads it. */
export interface Panel {
  readonly url: string;
  readonly server: Example;
  sql(query: string): Promise<readonly Row[]>;
  /** Until the first row is like this. */
  sqlShows(query: string, row: Row, withinMs?: number): Promise<void>;
  stop(): Promise<void>;
}

interface Place {
  readonly url: string;
  open(): Promise<Pick<Panel, 'sql'> & { close(): Promise<void> }>;
  dispose(): Promise<void>;
}

const start = async (
  place: Place,
  people: number,
  settings: Partial<Settings> = {},
): Promise<Panel> => {
  const server = await startExample('admin-panel/server.ts', {
    COLLEAGUES: 'off',
    PANEL_DATABASE_URL: place.url,
    PANEL_PEOPLE: String(people),
    PANEL_SETTINGS: JSON.stringify({ ...QUICK, ...settings }),
  });
  const { sql, close } = await place.open();
  return {
    url: server.url,
    server,
    sql,
    sqlShows: (query, row, withinMs = 10_000) =>
      expect
        .poll(async () => (await sql(query))[0], { timeout: withinMs, interval: 50 })
        .toMatchObject(row),
    stop: async () => {
      await server.stop();
      await close();
      await place.dispose();
    },
  };
};

const plain = (rows: readonly unknown[]): Row[] => rows.map((row) => ({ ...(row as Row) }));

/** In a file of its own. */
export const startOnSqlite = (people = 0, settings: Partial<Settings> = {}): Promise<Panel> => {
  const folder = mkdtempSync(join(tmpdir(), 'presence-panel-'));
  const file = join(folder, 'panel.db');
  const place: Place = {
    url: `sqlite:${file}`,
    open: async () => {
      const db = new DatabaseSync(file, { readOnly: true });
      return {
        sql: async (query) => plain(db.prepare(query).all()),
        close: async () => db.close(),
      };
    },
    dispose: async () => rmSync(folder, { recursive: true, force: true }),
  };
  return start(place, people, settings);
};

/** In a database of its own. */
export const startOnPostgres = async (service: string, people = 0): Promise<Panel> => {
  const name = `panel_${process.pid}`;
  const own = new URL(service);
  own.pathname = `/${name}`;
  const inService = async (statement: string): Promise<void> => {
    const client = new Client({ connectionString: service });
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  await inService(`create database ${name}`);
  const place: Place = {
    url: own.href,
    open: async () => {
      const client = new Client({ connectionString: own.href });
      await client.connect();
      return {
        sql: async (query) => plain((await client.query(query)).rows),
        close: () => client.end(),
      };
    },
    dispose: () => inService(`drop database ${name} with (force)`),
  };
  return start(place, people);
};

/** What a user is, by one join of the application's own table with the view of presence. */
export const joined = (email: string): string => `
  select u.status as account, u.is_active, coalesce(p.status, 'offline') as online_status
  from users u left join presence_current p
    on p.tenant = 'default' and p.user_id = cast(u.id as varchar(20))
  where u.email = '${email}'`;

/** When somebody was seen last, as a number on every database. */
export const lastSeen = (email: string): string => `
  select cast(p.last_seen_at as double precision) as last_seen_at
  from users u join presence_current p
    on p.tenant = 'default' and p.user_id = cast(u.id as varchar(20))
  where u.email = '${email}'`;
