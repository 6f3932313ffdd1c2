// One presence node over SQL, as an application would run it. Gone with the process that started it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { createPresence } from '@presence/server';
import { expressPresence } from '@presence/server/express';
import { migrate, nodeSqlite, sqlStore } from '@presence/server/sql';
import { Kysely, MysqlDialect, PostgresDialect, SqliteDialect } from 'kysely';
import { createPool } from 'mysql2';
import { Pool } from 'pg';
import type { SqlNodeSettings, SqlNodeWord } from './settings.ts';

const { kind, address } = JSON.parse(process.argv[2]!) as SqlNodeSettings;

const CONNECTIONS = 8;

const open = () => {
  if (kind === 'SQLite') {
    const database = nodeSqlite(new DatabaseSync(address));
    return { db: new Kysely({ dialect: new SqliteDialect({ database }) }) };
  }
  if (kind === 'MariaDB') {
    const pool = createPool({ uri: address, connectionLimit: CONNECTIONS });
    return { db: new Kysely({ dialect: new MysqlDialect({ pool }) }) };
  }
  const listen = new Pool({ connectionString: address, max: CONNECTIONS });
  return { db: new Kysely({ dialect: new PostgresDialect({ pool: listen }) }), listen };
};

const opened = open();
await migrate(opened.db);

const presence = createPresence({
  authenticate: ({ headers }) => {
    const userId = headers['x-user']?.toString();
    return userId ? { userId, roles: userId === 'admin' ? ['admin'] : [] } : null;
  },
  store: sqlStore(opened),
  admin: true,
  security: {
    secret: 'of the tests of faults, for nobody else',
    authorize: ({ roles = [] }, action) => !action.startsWith('admin:') || roles.includes('admin'),
    // One machine plays all users.
    limits: { beatsPerMinute: 1e9, perAddressPerMinute: 1e9, queriesPerMinute: 1e9 },
  },
});

const handle = expressPresence(presence);
const server = createServer((request, response) => {
  request.url = request.url?.replace(/^\/presence/, '') ?? '/';
  handle(request, response, () => response.writeHead(500).end());
});
process.on('disconnect', () => process.exit(0));
server.listen({ port: 0, host: '127.0.0.1' }, () => {
  const word: SqlNodeWord = { port: (server.address() as AddressInfo).port };
  process.send?.(word);
});
