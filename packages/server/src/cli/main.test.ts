import { createVirtualClock } from '@presence/core/testing';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from './main.ts';

const PASSWORD = 'geheim%40zu%3Ahause';
const HERE = '127.0.0.1:1';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'presence-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = async (args: readonly string[], env: Record<string, string> = {}) => {
  const printed = { out: '', err: '' };
  const code = await main(
    args.map((each) => each.replace('<folder>', folder)),
    {
      env,
      clock: createVirtualClock(),
      out: (text) => void (printed.out += `${text}\n`),
      err: (text) => void (printed.err += `${text}\n`),
      onStop: () => undefined,
    },
  );
  return { code, ...printed };
};

describe('a command that cannot work', () => {
  it.each([
    ['no command', [], 'presence <command> --url <url>'],
    ['an unknown one', ['mirgate'], '"mirgate" is no command. There are: migrate, down'],
    ['one of Object', ['constructor'], '"constructor" is no command.'],
    ['an unknown option', ['migrate', '--force'], "Unknown option '--force'"],
    ['an option of another command', ['migrate', '--all'], 'migrate has no option --all'],
    ['an option without its value', ['migrate', '--url'], 'argument missing'],
    ['a value too many', ['migrate', '--json=yes'], "'--json' does not take an argument"],
    ['a word too many', ['reap', 'ada'], 'takes nothing behind its name: saw ["ada"]'],
    ['a user too few', ['explain'], 'takes <user> behind its name: saw []'],
    ['no address', ['status'], 'Pass --url or set PRESENCE_DATABASE_URL'],
    ['an address without a scheme', ['status', '--url', 'host/db'], 'saw no scheme'],
    ['a scheme that is none', ['status', '--url', 'constructor:x'], 'scheme "constructor:"'],
    ['another database', ['status', '--url', 'mongodb://h/db'], 'saw the scheme "mongodb:"'],
    ['SQLite in memory', ['migrate', '--url', 'sqlite::memory:'], 'needs a file'],
    ['SQLite without a file', ['migrate', '--url', 'sqlite:'], 'needs a file'],
    [
      'a file that is not there',
      ['status', '--url', 'sqlite:<folder>/nothing.db'],
      'There is no file',
    ],
    ['a folder that is not there', ['migrate', '--url', 'sqlite:<folder>/no/such.db'], 'no folder'],
    [
      'a schema in SQLite',
      ['migrate', '--url', 'sqlite:<folder>/a.db', '--schema', 'a'],
      'Use --prefix',
    ],
    ['MySQL without a database', ['status', '--url', 'mysql://h/'], 'names no database'],
    ['tables in Redis', ['migrate', '--url', 'redis://h'], 'Redis has no tables'],
    ['no policy', ['reap', '--url', 'redis://h', '--policy', 'none.json'], 'no file with JSON'],
    ['no such layout', ['reap', '--url', 'redis://h', '--partitions', 'x'], 'a whole number'],
    ['no tenant', ['status', '--url', 'redis://h', '--tenant', ''], 'tenant must be a text'],
    [
      'a bad prefix',
      ['migrate', '--url', 'sqlite:<folder>/a.db', '--prefix', 'a;b'],
      'prefix must be',
    ],
    [
      'no mount',
      ['doctor', '--url', 'sqlite:<folder>/bad.db', '--app', 'ftp://x'],
      '--app takes the http',
    ],
  ])('%s', async (_case, args, said) => {
    const { code, out, err } = await run(args);
    expect(err).toContain(said);
    expect([code, out]).toEqual([2, '']);
  });

  it('is told in JSON where that was asked for', async () => {
    for (const args of [['status'], ['--force'], ['mirgate'], ['status', '--url', 'x:y']]) {
      const { code, out, err } = await run([...args, '--json']);
      expect(JSON.parse(out)).toEqual({
        error: { code: 'invalid_options', message: expect.stringContaining('[presence/cli]') },
      });
      expect([code, err]).toEqual([2, '']);
    }
  });

  it('is a policy that would make presence flap', async () => {
    const file = join(folder, 'flaps.json');
    writeFileSync(file, '{ "leaseMs": 1000 }');
    const { code, err } = await run(['reap', '--url', 'redis://h', '--policy', file]);
    expect(err).toContain('leaseMs must be at least 2 × heartbeatMs: saw 1000 and 60000');
    expect(code).toBe(2);
  });

  it('is a file that is no database', async () => {
    writeFileSync(join(folder, 'letter.db'), 'Dear all,\n'.repeat(200));
    const { code, err } = await run(['migrate', '--url', 'sqlite:<folder>/letter.db']);
    expect(err).toContain('letter.db cannot be opened as a database of SQLite. (file is not');
    expect(code).toBe(2);
  });

  it('is a database that does not answer, which is worth another try', async () => {
    for (const scheme of ['postgres', 'mysql', 'mariadb']) {
      const { code, err } = await run(['status', '--url', `${scheme}://${HERE}/db`]);
      expect(err).toMatch(/The database did not answer. \(connect ECONNREFUSED/);
      expect(code, scheme).toBe(1);
    }
  });

  it('never gives a password away', async () => {
    const urls = ['postgres', 'mysql', 'mariadb', 'http'].map(
      (scheme) => `${scheme}://ada:${PASSWORD}@${HERE}/db`,
    );
    urls.push(
      `postgres://ada:${PASSWORD}@`,
      `postgres://ada:${PASSWORD}`,
      `redis://:${PASSWORD}@[`,
      `mysql://ada:${PASSWORD}/x@${HERE}/db`,
    );
    for (const url of urls) {
      for (const args of [['status'], ['doctor'], ['down'], ['reap', '--json']]) {
        const { code, out, err } = await run(args, { PRESENCE_DATABASE_URL: url });
        expect(out + err, `${args.join(' ')} ${url}`).not.toMatch(/geheim|zu.{1,3}hause/);
        expect(code, `${args.join(' ')} ${url}`).not.toBe(0);
      }
    }
  });
});
