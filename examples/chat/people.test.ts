import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase, type Database } from './database.ts';
import { createPeople, NEIGHBOURS } from './people.ts';

let db: Database;
beforeEach(async () => {
  db = await openDatabase(':memory:');
});
afterEach(() => db.destroy());

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
