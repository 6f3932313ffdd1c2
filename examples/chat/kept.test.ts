import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase, type Database } from './database.ts';
import { createMessages } from './messages.ts';
import { createPeople, NEIGHBOURS } from './people.ts';

let db: Database;
beforeEach(async () => {
  db = await openDatabase(':memory:');
});
afterEach(() => db.destroy());

test('what was said in a room is kept in its order, and in no other room', async () => {
  const { add, latest } = createMessages(db);
  for (const text of ['one', ' two ', 'three']) await add({ room: 'porch', personId: 'ada', text });
  await add({ room: 'garden', personId: 'ada', text: 'elsewhere' });
  expect((await latest('porch')).map(({ text }) => text)).toEqual(['one', 'two', 'three']);
});

test('what is no text is refused, and nothing is kept of it', async () => {
  const { add, latest } = createMessages(db);
  for (const text of ['', '  ', 'x'.repeat(1001), 7, null, undefined, {}]) {
    await expect(add({ room: 'porch', personId: 'ada', text })).rejects.toThrow(TypeError);
  }
  expect(await latest('porch')).toEqual([]);
});

test('whoever comes in is known from then on, by a name and a colour of their own', async () => {
  const people = createPeople(db);
  const [ada, grace] = [await people.join(' Ada   Moreau '), await people.join('Grace')];
  expect(ada.name).toBe('Ada Moreau');
  expect(grace.hue).not.toBe(ada.hue);
  expect(await people.all()).toEqual([ada, grace, ...NEIGHBOURS]);
  for (const name of ['', '   ', 'x'.repeat(41), 7, null]) {
    await expect(people.join(name)).rejects.toThrow(TypeError);
  }
});
