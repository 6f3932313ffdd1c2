import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { startDatabase, type DatabaseProcess } from './database-process.ts';
import { installFromDebian } from './debian.ts';
import { findProgram } from './executable.ts';
import { freePort } from './free-port.ts';
import { MissingService } from './missing-service.ts';

const DEBIAN = '/usr/lib/postgresql';

/** The folder of Postgres' programs: Debian keeps them out of PATH. */
const findPrograms = (): string | undefined => {
  const inPath = findProgram(['initdb']);
  if (inPath) return join(inPath, '..');
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : [];
  return versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(DEBIAN, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')));
};

const programs = (): string => {
  const installed = findPrograms();
  if (installed) return installed;
  const refusal = installFromDebian('postgresql');
  const fresh = findPrograms();
  if (fresh) return fresh;
  throw new MissingService(
    'Postgres',
    `no initdb in PATH, and ${refusal ?? 'the installed package brought none'}`,
    'Install Postgres 14 or newer, or set POSTGRES_URL to a running one.',
  );
};

const answers = async (url: string): Promise<boolean> => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 1000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
};

/** Starts a server on a free port, that writes to disk as the default is. */
export const startPostgres = async (): Promise<DatabaseProcess> => {
  const bin = programs();
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  return startDatabase({
    name: 'Postgres',
    user: process.getuid?.() === 0 ? 'postgres' : '',
    port,
    url,
    initialise: (folder) => [
      join(bin, 'initdb'),
      ['-D', folder, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale'],
    ],
    serve: (folder) => [
      join(bin, 'postgres'),
      ['-D', folder, '-p', String(port), '-h', '127.0.0.1', '-k', folder],
    ],
    answers: () => answers(url),
  });
};

const here = 'postgres://postgres@127.0.0.1:5432/postgres';

/**
 * The address of a Postgres: the one in POSTGRES_URL, else one that is there, else one of the tests' own.
 * @param started takes the one that has to be stopped
 */
export async function ensurePostgres(started: DatabaseProcess[]): Promise<string> {
  const asked = process.env['POSTGRES_URL'];
  if (asked) return asked;
  if (await answers(here)) return here;
  const own = await startPostgres();
  started.push(own);
  return own.url;
}
