import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, inject, it } from 'vitest';
import { useCli } from '../cli/cli.ts';
import { serviceOrReason } from '../services/missing-service.ts';
import { node20 } from '../services/node20.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const redis = inject('oneRedis');
const found = await serviceOrReason(node20);
const node = 'service' in found ? found.service : '';

/** What an application installs itself. */
const INSTALLED = ['express', 'fastify', 'ioredis', 'ws'];
/** Loaded by nobody here. */
const NOT_ASKED_FOR = ['esbuild', 'fast-check', 'jose', 'kysely', 'prom-client', 'react*'];

describe.skipIf(node === '')('on Node 20', () => {
  it.skipIf('missing' in redis)('memory, Redis and all adapters do their work', async () => {
    const program = here('.generated/program.mjs');
    await build({
      entryPoints: [here('program.ts')],
      outfile: program,
      bundle: true,
      format: 'esm',
      platform: 'node',
      // As the packages are built.
      target: 'es2022',
      conditions: ['@presence/source'],
      external: [...INSTALLED, ...NOT_ASKED_FOR],
    });
    const env = { ...process.env, NODE_OPTIONS: '' };
    const { stdout } = await promisify(execFile)(node, [program], {
      env: { ...env, REDIS_URL: 'service' in redis ? redis.service : '' },
    });
    expect(stdout.trim().split('\n')).toEqual([
      expect.stringMatching(/^v20\./),
      'client over express: busy',
      'history: true',
      'fastify: 200',
      'redis: online',
      'fetch: 200',
    ]);
  });

  describe('from the command line', () => {
    const cli = useCli(['better-sqlite3'], { node });

    it.skipIf('missing' in redis)('Redis is looked at', async () => {
      const url = 'service' in redis ? redis.service : '';
      const place = ['--url', url, '--prefix', `node20-${process.pid}`];
      expect((await cli.json(['status', ...place])).value).toMatchObject({ isReady: true });
    });

    it('SQLite, which this Node does not have, is said to be missing, with what to do', async () => {
      const { code, err } = await cli.run(['migrate', '--url', 'sqlite:presence.db']);
      expect(err).toContain('npm install better-sqlite3, or use Node 22.13');
      expect(code).toBe(2);
    });
  });
});
