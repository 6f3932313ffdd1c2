import { expect, it } from 'vitest';
import { createCursors } from './cursors.ts';

const SECRET = 'a secret of thirty-two characters';
const invalid = expect.objectContaining({ code: 'invalid_request' });

it('S15: a cursor is good for its own tenant and list only', () => {
  const cursors = createCursors({ secret: SECRET });
  const cursor = cursors.issue({ tenant: 'a', list: 'online' }, 'ada');
  expect(cursors.open({ tenant: 'a', list: 'online' }, cursor)).toBe('ada');
  expect(() => cursors.open({ tenant: 'b', list: 'online' }, cursor)).toThrow(invalid);
  expect(() => cursors.open({ tenant: 'a', list: 'other' }, cursor)).toThrow(invalid);
});

it('a made-up cursor is refused', () => {
  const cursors = createCursors({ secret: SECRET });
  const forged = Buffer.from('["a","online","zed"]').toString('base64url');
  for (const cursor of ['ada', '.', forged, `${forged}.`, `${forged}.AAAAAAAAAAAAAAAAAAAAAA`]) {
    expect(() => cursors.open({ tenant: 'a', list: 'online' }, cursor)).toThrow(invalid);
  }
});
