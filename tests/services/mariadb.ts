import { createConnection } from 'mysql2/promise';
import { startDatabase, type DatabaseProcess } from './database-process.ts';
import { installFromDebian } from './debian.ts';
import { findProgram } from './executable.ts';
import { freePort } from './free-port.ts';
import { MissingService } from './missing-service.ts';

interface Programs {
  readonly install: string;
  readonly server: string;
}

const findPrograms = (): Programs | undefined => {
  const install = findProgram(['mariadb-install-db', 'mysql_install_db']);
  const server = findProgram(['mariadbd', 'mysqld']) ?? findProgram(['/usr/sbin/mariadbd']);
  return install && server ? { install, server } : undefined;
};

const programs = (): Programs => {
  const installed = findPrograms();
  if (installed) return installed;
  const refusal = installFromDebian('mariadb-server');
  const fresh = findPrograms();
  if (fresh) return fresh;
  throw new MissingService(
    'MariaDB',
    `no mariadbd in PATH, and ${refusal ?? 'the installed package brought none'}`,
    'Install MariaDB 10.6 or newer, or set MYSQL_URL to a running MariaDB or MySQL 8.',
  );
};

const DATABASE = 'presence_tests';

const answers = async (url: string): Promise<boolean> => {
  try {
    const connection = await createConnection({ uri: url, connectTimeout: 1000 });
    await connection.query(`create database if not exists ${DATABASE}`);
    await connection.end();
    return true;
  } catch {
    return false;
  }
};

/** Starts a server on a free port, that writes to disk as the default is. */
export const startMariadb = async (): Promise<DatabaseProcess> => {
  const { install, server } = programs();
  const port = await freePort();
  const url = `mysql://root@127.0.0.1:${port}`;
  return startDatabase({
    name: 'MariaDB',
    user: process.getuid?.() === 0 ? 'mysql' : '',
    port,
    url: `${url}/${DATABASE}`,
    initialise: (folder) => [
      install,
      ['--no-defaults', `--datadir=${folder}`, '--auth-root-authentication-method=normal'],
    ],
    serve: (folder) => [
      server,
      [
        '--no-defaults',
        `--datadir=${folder}`,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
        `--socket=${folder}/socket`,
        `--pid-file=${folder}/pid`,
      ],
    ],
    answers: () => answers(url),
  });
};

const here = 'mysql://root@127.0.0.1:3306';

/**
 * The address of a MariaDB: the one in MYSQL_URL, else one that is there, else one of the tests' own.
 * @param started takes the one that has to be stopped
 */
export async function ensureMariadb(started: DatabaseProcess[]): Promise<string> {
  const asked = process.env['MYSQL_URL'];
  if (asked) return asked;
  if (await answers(here)) return `${here}/${DATABASE}`;
  const own = await startMariadb();
  started.push(own);
  return own.url;
}
