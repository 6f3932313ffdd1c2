import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { HISTORY_ROUTES } from '../../admin/routes/history.ts';
import { ADMIN_ROUTES } from '../../admin/routes/routes.ts';
import { ROUTES } from '../../http/routes/routes.ts';
import { createAskedNode, type AskedNode } from '../../testing/asked-node.ts';
import type { Authorize, Principal } from '../../types.ts';

/*
 * Who may do what to whom: every route, asked by every kind of caller about every kind of user. What is
 * answered stands in `expected.txt`, to be read by people; a change of it is a change of rights.
 */

/** Users see their own tenant; admins do everything in theirs; a service reads, and blocks. */
const authorize: Authorize = ({ roles = [] }, action, { tenant, userId, room }) => {
  if (tenant === 'acme' && userId === 'secret' && !action.startsWith('admin:')) return false;
  if (tenant === 'acme' && room === 'vault') return roles.includes('admin');
  if (!action.startsWith('admin:')) return true;
  if (roles.includes('admin')) return true;
  return roles.includes('service') && ['admin:users:read', 'admin:account:write'].includes(action);
};

const CALLERS: Readonly<Record<string, Principal | null>> = {
  anonymous: null,
  user: { userId: 'ada', tenant: 'acme' },
  'user of other rooms': { userId: 'bob', tenant: 'acme', rooms: ['attic'] },
  'user of another tenant': { userId: 'eve', tenant: 'other' },
  admin: { userId: 'root', tenant: 'acme', roles: ['admin'] },
  'admin of another tenant': { userId: 'boss', tenant: 'other', roles: ['admin'] },
  service: { userId: 'robot', tenant: 'acme', roles: ['service'] },
  'suspended user': { userId: 'mallory', tenant: 'acme' },
  'suspended admin': { userId: 'fallen', tenant: 'acme', roles: ['admin'] },
  'signed-out user': { userId: 'gone', tenant: 'acme', issuedAt: 1 },
};

/** Of the tenant `acme`, but for one. All are there before each call. */
const TARGETS = ['ada', 'bob', 'root', 'mallory', 'secret', 'eve', 'nobody'] as const;

const ROOMS = ['kitchen', 'vault'] as const;

const BODIES: Readonly<Record<string, unknown>> = {
  'POST /heartbeat': {},
  'POST /leave': { sessionId: 'made-up', reason: 'closed' },
  'PUT /me/status': { status: 'busy' },
  'PUT /me/visibility': { visibility: 'hidden' },
  'POST /rooms/:room/join': { sessionId: 'made-up' },
  'POST /rooms/:room/leave': { sessionId: 'made-up' },
  'POST /rooms/:room/typing': { sessionId: 'made-up', state: true },
  'POST /ticket': {},
  // What a ticket lets anybody do is said down the stream, as over a socket: here it is none.
  'POST /stream': { frames: [{ type: 'hello', protocol: 1, ticket: 'made-up' }] },
  'POST /stream/frames': { stream: 'made-up', seq: 1, frames: [] },
  'PUT /admin/users/:userId/status': { status: 'dnd' },
  'PUT /admin/users/:userId/account': { account: 'banned' },
  'POST /admin/users/:userId/disconnect': {},
  'POST /admin/reap': {},
  'POST /admin/webhooks/retry': { webhook: 'default' },
  'POST /admin/webhooks/drop': { webhook: 'default' },
};

/** One cell of the table: a route, asked about one user where it is about one. */
interface Operation {
  readonly line: string;
  readonly target: string;
  readonly body?: unknown;
}

const operations = (): Operation[] =>
  [...ROUTES, ...ADMIN_ROUTES, ...HISTORY_ROUTES].flatMap(({ method, path }): Operation[] => {
    const route = `${method} ${path}`;
    const body = BODIES[route];
    if (path === '/users/query') {
      return TARGETS.map((target) => ({ line: route, target, body: { userIds: [target] } }));
    }
    if (path.includes(':room')) {
      return ROOMS.map((room) => ({ line: route.replace(':room', room), target: room, body }));
    }
    if (!path.includes(':userId')) return [{ line: route, target: '', body }];
    return TARGETS.map((target) => ({ line: route.replace(':userId', target), target, body }));
  });

const createWorld = async (): Promise<AskedNode> => {
  const node = createAskedNode({ admin: true, history: {}, security: { authorize } });
  const [acme, other] = [node.presence.tenant('acme'), node.presence.tenant('other')];
  for (const userId of ['ada', 'bob', 'root', 'robot', 'secret', 'mallory', 'gone', 'fallen']) {
    await acme.signIn(userId);
  }
  for (const userId of ['eve', 'boss']) await other.signIn(userId);
  for (const userId of ['mallory', 'fallen']) await acme.setAccount(userId, 'suspended');
  await acme.signOut('gone');
  return node;
};

/** Everything that is stored of everybody, of whichever tenant. */
const stateOf = async ({ presence }: AskedNode, tenant: string): Promise<string> => {
  const seen = presence.tenant(tenant);
  const users = [...TARGETS, 'robot', 'gone', 'fallen', 'boss'];
  const told = users.map(async (userId) => [
    await seen.explain(userId),
    await seen.history.read(userId),
  ]);
  return JSON.stringify(await Promise.all(told));
};

interface Cell {
  readonly caller: string;
  readonly operation: Operation;
  readonly status: number;
  readonly code: string;
  readonly hasWritten: Readonly<Record<'acme' | 'other', boolean>>;
}

const ask = async (caller: string, operation: Operation): Promise<Cell> => {
  const node = await createWorld();
  const before = [await stateOf(node, 'acme'), await stateOf(node, 'other')];
  const { line, body } = operation;
  const principal = CALLERS[caller] ?? null;
  const answer = await node.ask(line, {
    as: principal,
    ...(body !== undefined && { body }),
  });
  // What was refused, and went on nevertheless, has come to its end by then.
  await setImmediate();
  const { error, presences } = (answer.json ?? {}) as {
    error?: { code: string };
    presences?: readonly unknown[];
  };
  return {
    caller,
    operation,
    status: answer.status,
    code: error?.code ?? (line === 'POST /users/query' && presences?.length === 0 ? 'nobody' : ''),
    hasWritten: {
      acme: (await stateOf(node, 'acme')) !== before[0],
      other: (await stateOf(node, 'other')) !== before[1],
    },
  };
};

const table = async (): Promise<readonly Cell[]> => {
  const cells: Cell[] = [];
  for (const operation of operations()) {
    for (const caller of Object.keys(CALLERS)) cells.push(await ask(caller, operation));
  }
  return cells;
};

const textOf = (cells: readonly Cell[]): string =>
  cells
    .map(({ caller, operation: { line, target }, status, code, hasWritten }) => {
      const written = hasWritten.acme || hasWritten.other ? 'written' : '';
      const about = line === 'POST /users/query' ? `${line} ${target}` : line;
      return [about.padEnd(46), caller.padEnd(24), status, code, written].join(' ').trimEnd();
    })
    .join('\n');

/** Which prove a right in another way, or show nothing of anybody. */
const OPEN = /^(GET \/health|POST \/leave|POST \/stream|GET \/admin$|GET \/admin\/assets)/;

describe('who may do what to whom', () => {
  it('S11, S12, S15: is what the table says, in each of its cells', async () => {
    const cells = await table();
    expect(cells.length).toBeGreaterThan(400);
    await expect(`${textOf(cells)}\n`).toMatchFileSnapshot('expected.txt');

    for (const cell of cells) {
      const { caller, operation, status, hasWritten } = cell;
      const isOpen = OPEN.test(operation.line);
      const says = JSON.stringify(cell);
      // Nobody ever changes anything of another tenant than their own.
      const own = CALLERS[caller]?.tenant;
      if (own !== 'acme') expect(hasWritten.acme, says).toBe(false);
      if (own !== 'other') expect(hasWritten.other, says).toBe(false);
      // What is refused writes nothing.
      if (status >= 400) expect(hasWritten, says).toEqual({ acme: false, other: false });
      if (caller === 'anonymous' && !isOpen) expect(status, says).toBe(401);
      if (caller.startsWith('suspended') && !isOpen) expect(status, says).toBe(403);
      if (caller === 'signed-out user' && !isOpen) expect(status, says).toBe(401);
      if (!isOpen && operation.line.includes(' /admin/') && !/admin|service/.test(caller)) {
        expect([401, 403], says).toContain(status);
      }
    }
  }, 120_000);
});
