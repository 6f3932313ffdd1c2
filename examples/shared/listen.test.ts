import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { listenFrom } from './listen.ts';

const open: Server[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await new Promise((done) => server.close(done));
});

const server = (): Server => {
  const created = createServer();
  open.push(created);
  return created;
};

test('the next free port when the wanted one is taken', async () => {
  const taken = await listenFrom(server(), 0, '127.0.0.1');
  const port = await listenFrom(server(), taken, '127.0.0.1');
  expect(port).toBeGreaterThan(taken);
  expect(port).toBeLessThan(taken + 20);
});

test('the wanted port when it is free', async () => {
  const first = server();
  const port = await listenFrom(first, 0, '127.0.0.1');
  await new Promise((done) => first.close(done));
  expect(await listenFrom(server(), port, '127.0.0.1')).toBe(port);
});

test('other errors are not a reason to go on', async () => {
  await expect(listenFrom(server(), 0, '203.0.113.1')).rejects.toThrow('EADDRNOTAVAIL');
});
