import { describe, expect, it } from 'vitest';
import { STORES, useCli } from './cli.ts';

const HERE = '127.0.0.1:1';

describe('as a process', () => {
  const cli = useCli();

  it('says on stderr what is wrong with a command, and ends with 2', async () => {
    const { code, out, err } = await cli.run(['mirgate']);
    expect(err).toContain('"mirgate" is no command. There are: migrate, down');
    expect([code, out]).toEqual([2, '']);
  });

  it('never gives a password away', async () => {
    for (const scheme of ['postgres', 'redis']) {
      const env = { PRESENCE_DATABASE_URL: `${scheme}://ada:geheim%40hause@${HERE}/db` };
      const { code, out, err } = await cli.run(['status'], { env });
      expect(out + err).not.toMatch(/geheim|hause/);
      expect(code).toBe(1);
    }
  });
});

describe('without the packages of its store', () => {
  const cli = useCli(['kysely', 'ioredis']);
  it('says what to install, and gives its help all the same', async () => {
    expect((await cli.run(['migrate', '--help'])).code).toBe(0);
    expect((await cli.run(['--version'])).out).toBe('0.0.1\n');
    for (const [scheme, packages] of [
      ['postgres', 'kysely pg'],
      ['mariadb', 'kysely mysql2'],
      ['redis', 'ioredis'],
    ]) {
      const { code, err } = await cli.run(['status', '--url', `${scheme}://${HERE}/db`]);
      expect(err).toContain(`Run: npm install ${packages}`);
      expect(code).toBe(2);
    }
  });
});

describe('without the drivers', () => {
  const cli = useCli(['pg', 'mysql2', 'better-sqlite3']);
  it('says what to install', async () => {
    for (const [url, packages] of [
      [`postgres://${HERE}/db`, 'pg'],
      [`mysql://${HERE}/db`, 'mysql2'],
    ]) {
      const { code, err } = await cli.run(['migrate', '--url', url!]);
      expect(err).toContain(`Run: npm install ${packages}`);
      expect(code).toBe(2);
    }
    const flags = ['--no-experimental-sqlite'];
    const { code, err } = await cli.run(['migrate', '--url', 'sqlite:a.db'], { flags });
    expect(err).toContain('npm install better-sqlite3, or use Node 22.13');
    expect(code).toBe(2);
  });
});

describe('on a Node without an SQLite of its own', () => {
  const cli = useCli();
  it('takes better-sqlite3', async () => {
    const flags = ['--no-experimental-sqlite'];
    expect(STORES.sqlite()).toContain('sqlite:');
    expect((await cli.run(['migrate', '--url', STORES.sqlite()], { flags })).code).toBe(0);
    expect((await cli.json(['status', '--url', STORES.sqlite()], { flags })).code).toBe(0);
    expect((await cli.json(['status', '--url', STORES.sqlite()])).value.isReady).toBe(true);
  });
});
