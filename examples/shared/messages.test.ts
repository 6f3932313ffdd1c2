import { Kysely } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openMessages, type MessageTables } from './messages.ts';
import { sqliteFile } from './sqlite.ts';

let db: Kysely<MessageTables>;
beforeEach(() => {
  db = new Kysely({ dialect: sqliteFile(':memory:') });
});
afterEach(() => db.destroy());

test('what was said in a room is kept in its order, and in no other room', async () => {
  const { add, latest } = await openMessages(db);
  for (const text of ['one', ' two ', 'three']) await add({ room: 'porch', personId: 'ada', text });
  await add({ room: 'garden', personId: 'ada', text: 'elsewhere' });
  expect((await latest('porch')).map(({ text }) => text)).toEqual(['one', 'two', 'three']);
});

test('what is no text is refused, and nothing is kept of it', async () => {
  const { add, latest } = await openMessages(db);
  for (const text of ['', '  ', 'x'.repeat(1001), 7, null, undefined, {}]) {
    await expect(add({ room: 'porch', personId: 'ada', text })).rejects.toThrow(TypeError);
  }
  expect(await latest('porch')).toEqual([]);
});
