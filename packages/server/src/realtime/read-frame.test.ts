import { describe, expect, it } from 'vitest';
import { readFrame } from './read-frame.ts';

describe('reading frames', () => {
  it('takes a frame of the protocol', () => {
    expect(readFrame('{"type":"unwatch","id":"a]}\\"{["}')).toEqual({
      type: 'unwatch',
      id: 'a]}"{[',
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
    ['{"type":"unwatch"}', 'Not a frame of this protocol: id: '],
  ])('refuses %s', (text, says) => {
    expect(() => readFrame(text)).toThrow(says);
  });
});
