import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ERRORS } from '@presence/core';
import {
  clientFrameSchema,
  heartbeatSchema,
  leaveSchema,
  statusSchema,
} from '@presence/core/protocol';
import { createPresence } from '@presence/server';
import { Client } from 'pg';
import { Registry } from 'prom-client';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { COMMANDS } from '../../packages/server/src/cli/commands.ts';
import { COMMON, parse } from '../../packages/server/src/cli/options.ts';
import { freePort } from '../services/free-port.ts';
import { startRedisCluster } from '../services/redis-cluster.ts';
import { startRedisSentinel } from '../services/redis-sentinel.ts';
import { allBlocks, documentText, type Block } from './blocks.ts';
import {
  answering,
  asClient,
  emptyFolder,
  keepingPresence,
  runProgram,
  writeProgram,
} from './programs.ts';

const blocks = allBlocks();
const of = (language: string, kind?: string): Block[] =>
  blocks.filter(
    (block) => block.language === language && (kind === undefined || block.kind === kind),
  );

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const manifest = JSON.parse(readFileSync(here('../../package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

const SCHEMAS: Record<string, { parse(value: unknown): unknown }> = {
  HeartbeatRequest: heartbeatSchema,
  LeaveRequest: leaveSchema,
  StatusChange: statusSchema,
  ClientFrame: clientFrameSchema,
};

/** A JSON text as a constant of the type that the document says it has. */
const typed = ({ kind, code }: Block): string =>
  `import type { ${kind} } from '@presence/core/protocol';\nexport const example: ${kind} = ${code.trim()};\n`;

beforeAll(emptyFolder);

describe('documents', () => {
  it('hold no block that nothing runs', () => {
    const known = ['ts', 'tsx', 'json', 'sh', ''];
    expect(blocks.filter(({ language }) => !known.includes(language))).toEqual([]);
    const kinds = ['express', 'fastify', 'client', 'client-options', 'server', 'page'];
    kinds.push('redis', 'redis-clients', 'redis-server', 'postgres');
    kinds.push('bot', 'react-native', 'electron-main', 'electron-preload', 'electron-page');
    expect(of('ts').filter(({ kind }) => !kinds.includes(kind))).toEqual([]);
    expect(blocks.length).toBeGreaterThan(20);
  });

  it('call the command line with what it knows', () => {
    const calls = of('sh').flatMap(({ code }) => [...code.matchAll(/npx presence ([^>\n]*)/g)]);
    expect(calls.length).toBeGreaterThan(3);
    for (const [, call = ''] of calls) {
      const { words, options } = parse(call.trim().split(' '));
      const command = COMMANDS[words[0] as keyof typeof COMMANDS];
      expect(command, call).toBeDefined();
      expect(words.length - 1, call).toBe(command.words.length);
      for (const name of Object.keys(options)) {
        expect([...command.options, ...COMMON], call).toContain(name);
      }
    }
  });

  it('name commands that exist', () => {
    for (const { code } of of('sh')) {
      for (const [, script = ''] of code.matchAll(/^npm (?:run )?(start|test|[\w:-]+)/gm)) {
        if (script === 'install') continue;
        expect(Object.keys(manifest.scripts)).toContain(script);
      }
    }
  });

  it.each(of('json').map((block) => [block.at, block] as const))(
    '%s is JSON as it says',
    (_at, block) => {
      const value: unknown = JSON.parse(block.code);
      SCHEMAS[block.kind]?.parse(value);
    },
  );

  it('hold programs and messages of the right types', () => {
    for (const block of of('ts')) writeProgram(block, 'ts');
    for (const block of of('tsx')) writeProgram(block, 'tsx');
    for (const block of of('json')) if (block.kind) writeProgram(block, 'ts', () => typed(block));
    writeFileSync(
      here('./.generated/tsconfig.json'),
      readFileSync(here('./programs.tsconfig.json')),
    );
    try {
      execFileSync(here('../../node_modules/.bin/tsc'), ['-p', here('./.generated')], {
        stdio: 'pipe',
      });
    } catch (error) {
      throw new Error(String((error as { stdout?: Buffer }).stdout), { cause: error });
    }
  }, 60_000);

  it('list every error, with its HTTP status, close code and whether to try again', () => {
    const rows = [
      ...documentText('docs/errors.md').matchAll(/^\| `(\w+)` \| (\d+) \| ?(\d*) \| (yes|no) \|/gm),
    ];
    const listed = rows.map(([, code, status, close, again]) => [
      code,
      { httpStatus: Number(status), closeCode: Number(close), retryable: again === 'yes' },
    ]);
    expect(Object.fromEntries(listed)).toEqual(ERRORS);
  });
});

describe('the dashboard for Grafana', () => {
  it('asks for every metric, and for none that there is not', async () => {
    const registry = new Registry();
    const presence = createPresence({ authenticate: () => null, metrics: { registry } });
    const known = (await registry.getMetricsAsJSON()).map(({ name }) => name);
    await presence.close();
    const asked = [...documentText('docs/grafana-dashboard.json').matchAll(/presence_\w+/g)].map(
      ([name]) => name.replace(/_bucket$/, ''),
    );
    expect([...new Set(asked)].sort()).toEqual([...known].sort());
  });
});

describe('programs in the documents', () => {
  it.each(of('ts', 'server').map((block) => [block.at, block] as const))(
    '%s runs',
    async (_at, block) => {
      const program = runProgram(
        writeProgram(block, 'ts', (code) => `${code}\nprocess.exit(0);\n`),
      );
      expect(await program.ended, program.output()).toBe(0);
      for (const [, said = ''] of block.code.matchAll(/console\.log\(.*\); \/\/ (.*)/g)) {
        expect(program.output()).toContain(said);
      }
    },
  );

  it.each(
    [...of('ts', 'express'), ...of('ts', 'fastify')].map((block) => [block.at, block] as const),
  )('%s serves presence', async (_at, block) => {
    const port = await freePort();
    const program = runProgram(writeProgram(block, 'ts'), { PORT: String(port) });
    const response = await answering(`http://127.0.0.1:${port}/presence/heartbeat`, program);
    const nobody = block.code.includes('authenticate: () => null');
    expect(response.status).toBe(nobody ? 401 : 200);
    await program.stop();
  });

  it('keep a user present from the client of the README, over the server of the README', async () => {
    const [server] = of('ts', 'express');
    const [client] = of('ts', 'client');
    const port = await freePort();
    const serving = runProgram(writeProgram(server as Block, 'ts'), { PORT: String(port) });
    await answering(`http://127.0.0.1:${port}/presence/heartbeat`, serving);
    const page = runProgram(writeProgram(client as Block, 'mjs', asClient(port)));
    expect(await page.ended, page.output()).toBe(0);
    const response = await fetch(`http://127.0.0.1:${port}/presence/users/ada`, {
      headers: { 'x-user': 'ada' },
    });
    expect(await response.json()).toMatchObject({ status: 'busy', message: 'Writing' });
    await serving.stop();
  });

  it('say that a call is on while it is, and no longer', async () => {
    const [block] = of('ts', 'page');
    const { tellOfCall } = (await import(
      /* @vite-ignore */ writeProgram(block as Block, 'ts')
    )) as {
      tellOfCall: (connection: EventTarget) => () => void;
    };
    vi.useFakeTimers();
    const said: string[] = [];
    vi.stubGlobal('fetch', (_url: string, { method }: RequestInit) => said.push(String(method)));
    const connection = Object.assign(new EventTarget(), { connectionState: 'connecting' });
    const hangUp = tellOfCall(connection);
    const become = (connectionState: string): void => {
      Object.assign(connection, { connectionState });
      connection.dispatchEvent(new Event('connectionstatechange'));
    };
    become('connected');
    await vi.advanceTimersByTimeAsync(61_000);
    become('disconnected');
    become('connected');
    hangUp();
    await vi.advanceTimersByTimeAsync(61_000);
    vi.unstubAllGlobals();
    vi.useRealTimers();
    expect(said).toEqual(['PUT', 'PUT', 'PUT', 'DELETE', 'PUT', 'DELETE']);
  });

  it.each(of('tsx', '').map((block) => [block.at, block] as const))(
    '%s renders',
    async (_at, block) => {
      const path = writeProgram(block, 'tsx');
      const { Team } = (await import(/* @vite-ignore */ path)) as { Team: () => never };
      expect(renderToString(createElement(Team))).toContain('grace');
    },
  );
});

/** What a program says that it prints: behind a line, or in lines of its own at the end of one. */
const saidBy = (code: string): string[] =>
  [...code.matchAll(/console\.log\(.*\);(?: (\/\/ .*)|\n\}?\n?((?:\/\/ .*\n)+))/g)].flatMap(
    ([, behind, below]) =>
      (behind ?? below ?? '').split('\n').flatMap((line) => /^\/\/ (.*)/.exec(line)?.[1] ?? []),
  );

const postgres = inject('postgres');

describe.skipIf('missing' in postgres)('programs in the documents that need Postgres', () => {
  const url = 'service' in postgres ? postgres.service : '';

  const admin = async (statement: string): Promise<void> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(statement);
    await client.end();
  };

  it.each(of('ts', 'postgres').map((block, index) => [block.at, block, index] as const))(
    '%s runs, and prints what it says',
    async (_at, block, index) => {
      const name = `docs_${process.pid}_${index}`;
      await admin(`create database ${name}`);
      const path = writeProgram(block, 'ts', (code) => `${code}\nprocess.exit(0);\n`);
      const own = new URL(url);
      own.pathname = `/${name}`;
      const program = runProgram(path, { DATABASE_URL: own.href });
      expect(await program.ended, program.output()).toBe(0);
      const said = saidBy(block.code);
      expect(said.length).toBeGreaterThan(1);
      for (const line of said) expect(program.output()).toContain(`${line}\n`);
      await admin(`drop database ${name} with (force)`);
    },
  );
});

const redis = inject('oneRedis');

describe.skipIf('missing' in redis)('programs in the documents that need Redis', () => {
  const env = {
    REDIS_URL: 'service' in redis ? redis.service : '',
    PRESENCE_SECRET: 'a secret for the documents, long enough',
  };

  it.each(of('ts', 'redis').map((block) => [block.at, block] as const))(
    '%s runs',
    async (_at, block) => {
      const path = writeProgram(block, 'ts', (code) => `${code}\nprocess.exit(0);\n`);
      const program = runProgram(path, env);
      expect(await program.ended, program.output()).toBe(0);
    },
  );

  it.each(of('ts', 'redis-server').map((block) => [block.at, block] as const))(
    '%s serves presence, says when it drains, and ends by itself',
    async (_at, block) => {
      const port = await freePort();
      const program = runProgram(writeProgram(block, 'ts'), { ...env, PORT: String(port) });
      const at = `http://127.0.0.1:${port}`;
      const response = await answering(`${at}/presence/heartbeat`, program);
      expect(response.status).toBe(401);
      expect((await fetch(`${at}/ready`)).status).toBe(200);
      program.child.kill('SIGTERM');
      expect(await program.ended, program.output()).toBe(0);
    },
  );

  it.each(of('ts', 'redis-clients').map((block) => [block.at, block] as const))(
    '%s keeps presence behind a Sentinel and on a Cluster',
    async (_at, block) => {
      const [sentinel, cluster] = await Promise.all([startRedisSentinel(), startRedisCluster()]);
      try {
        const program = runProgram(writeProgram(block, 'ts', keepingPresence), {
          SENTINEL_PORT: String(sentinel.port),
          CLUSTER_PORT: String(cluster.masters[0]?.port),
        });
        expect(await program.ended, program.output()).toBe(0);
        expect(program.output()).toContain('online online');
      } finally {
        await Promise.all([sentinel.stop(), cluster.stop()]);
      }
    },
    60_000,
  );
});
