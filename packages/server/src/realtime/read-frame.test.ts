import { describe, expect, it } from 'vitest';
import { readFrame } from './read-frame.ts';
import { idsOf } from './written-ids.ts';

/** With the ids of a watch as strings, whether they were cut out or not. */
const read = (text: string): unknown => {
  const result = readFrame(Buffer.from(text));
  if (!result.ok || result.frame.type !== 'watch') return result;
  const { add } = result.frame;
  const cut = add && 'bytes' in add ? idsOf(add) : add;
  return { ok: true, frame: { ...result.frame, ...(cut && { add: cut }) } };
};

describe('reading frames', () => {
  it('takes a frame of the protocol', () => {
    expect(readFrame('{"type":"unwatch","id":"a]}\\"{["}')).toEqual({
      ok: true,
      frame: { type: 'unwatch', id: 'a]}"{[' },
    });
  });

  it.each([
    '{"type":"watch","id":"w","add":["ada","b@c.de","x y"],"ref":7}',
    '{"type":"watch","ref":0,"add":["ada"],"id":"w"}',
    '{"type":"watch","id":"w","add":["j\u00f6rg","\\u0041"]}',
    '{"type":"watch","id":"[\\"","add":["a"]}',
    '{"type":"watch","id":"w","add":["a"] ,"ref":1}',
    '{"type":"watch","id":"w","add":["a"],"remove":["b"]}',
    `{"type":"watch","id":"w","add":[${Array.from({ length: 1000 }, () => '"a]"').join()}]}`,
    `{"type":"watch","id":"w","add":["${'x'.repeat(128)}"],"ref":9007199254740991}`,
  ])('takes a watch as it is: %s', (text) => {
    expect(read(text)).toEqual({ ok: true, frame: JSON.parse(text) });
    expect(readFrame(text)).toEqual({ ok: true, frame: JSON.parse(text) });
  });

  it.each([
    [`{"type":"watch","id":"w","add":["${'x'.repeat(129)}"]}`, 'add.0: must be at most 128'],
    ['{"type":"watch","id":"w","add":[]}', 'add: must hold 1 to 1000 ids'],
    ['{"type":"watch","id":"w","add":[["ada"]]}', 'add.0: must be a text'],
    ['{"type":"watch","id":"w","add":["ada",""]}', 'add.1: must not be empty'],
    ['{"type":"watch","id":7,"add":["ada"]}', 'id: must be a text'],
    ['{"type":"watch","id":"w","add":["ada"],"ref":-1}', 'ref: must be a whole number'],
    ['{"type":"watch","id":"w","add":["ada"],"tenant":true}', 'must name either'],
    ['{"type":"watch","id":"w","add":["ada"],"more":1}', 'more'],
    [
      `{"type":"watch","id":"w","add":[${Array.from({ length: 1001 }, () => '"a"').join()}]}`,
      'add: must hold 1 to 1000 ids',
    ],
    [
      '{"type":"watch","id":"w","add":["ada"],"ref":90071992547409930}',
      'ref: must be a whole number',
    ],
    ['{"type":"watch","id":"w","add":["ada",7]}', 'add.1: must be a text'],
    ['{"type":"watch","id":"","add":["ada"]}', 'id: must not be empty'],
    [`{"type":"watch","id":"${'x'.repeat(129)}","add":["ada"]}`, 'id: must be at most 128'],
  ])('refuses a watch that is almost plain: %s', (text, says) => {
    const result = readFrame(Buffer.from(text));
    expect(result.ok ? '' : result.error.message).toContain(says);
  });

  it.each([
    ['{"type":"watch","id":"w","__proto__":["ada"]}', 'A frame holds a key that is not allowed.'],
    ['{"type":"watch","id":"w","add":["ada"],"type":"dance"}', 'Not a frame of this protocol: '],
    ['{"type":"watch","id":"w","add":["ada"]', 'A frame must be JSON.'],
    ['{"type":"watch","id":"w","add":["ada"],"ref":01}', 'A frame must be JSON.'],
    ['{"type":"watch","id":"w","add":["a\tb"]}', 'A frame must be JSON.'],
    ['{"type":"watch","id":"w","add":["ada"]}}', 'A frame must be JSON.'],
    ['{"type":"watch","id":"w","add":["ada",]}', 'A frame must be JSON.'],
    ['{"type":"watch","id":"w","add":[[[[[[[[["a"]]]]]]]]]}', 'A frame may be nested 8 deep.'],
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
    expect(() => readFrame(Buffer.from(text))).toThrow(says);
    expect(() => readFrame(text)).toThrow(says);
  });

  it.each([
    ['{"type":"unwatch","ref":7}', 7, 'id: must be a text'],
    ['{"type":"status","status":"busy","forMs":0,"ref":"x"}', undefined, 'forMs: must be a whole'],
  ])('answers a wrong value in a known frame: %s', (text, ref, says) => {
    const result = readFrame(Buffer.from(text));
    expect(result).toMatchObject({ ok: false, ref, error: { code: 'invalid_request' } });
    expect(result.ok ? '' : result.error.message).toContain(says);
  });
});
