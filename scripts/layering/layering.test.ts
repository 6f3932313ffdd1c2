import { describe, expect, it } from 'vitest';
import { breaches } from './breaches.ts';

const core = 'packages/core/src/settle.ts';
const adapter = 'packages/server/src/adapters/express.ts';
const server = 'packages/server/src/engine.ts';
const client = 'packages/client/src/client.ts';
const hook = 'packages/react/src/hooks/use-presence.ts';

describe('a breach is found', () => {
  it.each([
    ['core imports a package', core, `import EventEmitter from 'eventemitter3';`],
    ['core imports node', core, `import 'node:fs';`],
    ['core imports zod outside of the protocol', core, `import { z } from 'zod';`],
    ['core loads the protocol', core, `export * from './protocol/index.ts';`],
    ['core leaves its package', core, `import { x } from '../../server/src/index.ts';`],
    ['an adapter reaches inside', adapter, `import { load } from '../engine.ts';`],
    ['an adapter imports another framework', adapter, `import fastify from 'fastify';`],
    ['the server imports a framework', server, `import type { Request } from 'express';`],
    ['the client loads the protocol', client, `import { frame } from '@presence/core/protocol';`],
    [
      'the client loads it behind types',
      client,
      `import { type F } from '@presence/core/protocol';`,
    ],
    ['the client imports zod', client, `const { z } = await import('zod');`],
    ['react imports the server', hook, `import type { P } from '@presence/server';`],
    ['a file of no layer', 'packages/other/src/index.ts', ``],
    ['Date.now', server, `const at = Date.now();`],
    ['Date.now, uncalled', server, `const clock = { now: Date.now };`],
    ['new Date()', server, `const at = new Date();`],
    ['a timer', hook, `setTimeout(() => {}, 5);`],
    ['a timer through globalThis', client, `globalThis.setInterval(tick, 5);`],
    ['a timer as a value', client, `const options = { setTimeout };`],
    ['a timer module', server, `import { setTimeout as sleep } from 'node:timers/promises';`],
    ['Math.random', core, `const jitter = Math.random();`],
    ['random bytes', server, `import { createHmac, randomBytes } from 'node:crypto';`],
    ['the browser crypto', client, `const id = crypto.randomUUID();`],
  ])('%s', (_case, file, source) => {
    expect(breaches(file, source)).toHaveLength(1);
  });
});

describe('no breach', () => {
  it.each([
    ['relative files in core', core, `import { derive } from './derive.ts';`],
    ['types of the protocol in core', core, `import type { F } from './protocol/index.ts';`],
    ['zod in the protocol', 'packages/core/src/protocol/index.ts', `import { z } from 'zod';`],
    ['the public door', adapter, `import { a } from '../index.ts'; import e from 'express';`],
    ['types of the protocol', client, `import type { F } from '@presence/core/protocol';`],
    ['a comment and a string', core, `// Date.now()\nconst text = 'setTimeout';`],
    ['a method called like a timer', client, `clock.setTimeout(tick, 5);`],
    ['a member of a type', core, `interface Clock { setTimeout(f: () => void): void }`],
    ['a given instant', server, `const text = new Date(at).toISOString();`],
    ['other parts of node:crypto', server, `import { createHmac } from 'node:crypto';`],
    ['the system clock', 'packages/server/src/system-clock.ts', `const now = Date.now();`],
    ['tests', 'packages/core/src/settle.test.ts', `import { it } from 'vitest'; Date.now();`],
  ])('%s', (_case, file, source) => {
    expect(breaches(file, source)).toEqual([]);
  });
});
