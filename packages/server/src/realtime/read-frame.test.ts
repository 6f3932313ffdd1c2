import { describe, expect, it } from 'vitest';
import { readFrame } from './read-frame.ts';

describe('reading frames', () => {
  it('takes a frame of the protocol', () => {
    expect(readFrame('{"type":"unwatch","id":"a]}\\"{["}')).toEqual({
      ok: true,
      frame: { type: 'unwatch', id: 'a]}"{[' },
    });
  });

  it.each([
    ['[[[[[[[[[1]]]]]]]]]', 'A frame may be nested 8 deep.'],
    ['{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}}', 'A frame may be nested 8 deep.'],
    ['{"type":"unwatch","id":"\\\\\\"[[[[[[[[["', 'A frame must be JSON.'],
    ['{"type":"unwatch","id":"a","constructor":1}', 'A frame holds a key that is not allowed.'],
    [
      '{"type":"watch","id":"a","add":[{"__proto__":1}]}',
      'A frame holds a key that is not allowed.',
    ],
    ['{"type":"dance"}', 'Not a frame of this protocol: '],
    ['{"type":"hello"}', 'Not a frame of this protocol: protocol: '],
  ])('refuses %s', (text, says) => {
    expect(() => readFrame(text)).toThrow(says);
  });

  it.each([
    ['{"type":"unwatch","ref":7}', 7, 'id: must be a text'],
    ['{"type":"status","status":"busy","forMs":0,"ref":"x"}', undefined, 'forMs: must be a whole'],
  ])('answers a wrong value in a known frame: %s', (text, ref, says) => {
    const read = readFrame(text);
    expect(read).toMatchObject({ ok: false, ref, error: { code: 'invalid_request' } });
    expect(read.ok ? '' : read.error.message).toContain(says);
  });
});
