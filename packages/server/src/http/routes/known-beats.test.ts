import { heartbeatSchema, type HeartbeatRequest } from '@presence/core/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberIn, wordsOf } from './known-beats.ts';

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** What the parser and the schema make of a body; `null` where either refuses it. */
const judged = (text: string): HeartbeatRequest | null => {
  const result = heartbeatSchema.safeParse(parsed(text));
  return result.success ? result.data : null;
};

const written = fc.oneof(
  { weight: 6, arbitrary: fc.nat().map(String) },
  fc.maxSafeNat().map(String),
  fc.constantFrom('0', '-0', '-1', '1.5', '9.0', '0e1', '1e3', '007', '', ' 7', '"7"', 'null'),
  fc.constantFrom('9'.repeat(15), '9'.repeat(16), '9'.repeat(17), '9007199254740993'),
);

const id = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^[\w-]{1,30}$/) },
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.constantFrom('"seq":', '\\"seq\\":1', '{"seq":1,', 'é', '\ud800'),
);

/** Any order of names, some of them twice, with and without blanks; `#` stands for the number. */
const templates = fc
  .record({
    order: fc.shuffledSubarray(
      ['sessionId', 'seq', 'generation', 'activity', 'hidden', 'device', 'seq', 'other'],
      { minLength: 1 },
    ),
    blank: fc.constantFrom('', '', '', ' ', '\n'),
    sessionId: id,
    device: id,
  })
  .map(({ order, blank, sessionId, device }) => {
    const values: Readonly<Record<string, string>> = {
      sessionId: JSON.stringify(sessionId),
      seq: '#',
      generation: '3',
      activity: '"active"',
      hidden: 'false',
      device: JSON.stringify(device),
      other: '{"seq":1}',
    };
    const fields = order.map((name) => `"${name}":${blank}${values[name]}`);
    return `{${fields.join(`,${blank}`)}}`;
  });

const clean = fc
  .tuple(id, fc.constantFrom('"seq":#,"generation":3', '"generation":3,"seq":#', '"seq":#'))
  .map(([sessionId, numbers]) => `{"sessionId":${JSON.stringify(sessionId)},${numbers}}`);

/** One character more, less or another. */
const mutated = (text: string, place: number, put: string, less: number): string => {
  const at = place % (text.length + 1);
  return text.slice(0, at) + put + text.slice(at + less);
};

const mutation = fc.tuple(
  fc.nat(),
  fc.constantFrom('', ' ', '"', ',', '}', '\n', '\0', 'a', '0', '1', '\\', 'é'),
  fc.constantFrom(0, 1),
);

const filled = (template: string, number: string): string => template.replace('#', () => number);

describe('the words of a heartbeat', () => {
  it('are another body of the same but for its number, or are not known', () => {
    let known = 0;
    const bodies = fc.oneof({ weight: 3, arbitrary: clean }, templates);
    const changes = fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, mutation);
    fc.assert(
      fc.property(bodies, written, written, changes, (template, first, second, change) => {
        const before = filled(template, first);
        const request = judged(before);
        if (request?.seq === undefined) return;
        const words = wordsOf(Buffer.from(before), request.seq);
        if (words === null) return;
        const next = filled(template, second);
        const given = change === null ? next : mutated(next, ...change);
        const seq = numberIn(words, Buffer.from(given));
        if (seq < 0) return;
        known += 1;
        expect(judged(given)).toEqual({ ...request, seq });
      }),
      { numRuns: 5000 },
    );
    expect(known).toBeGreaterThan(300);
  });

  it('are known however a client orders them, and whatever the number', () => {
    for (const template of [
      '{"sessionId":"V1StGXR8_Z5jdHi6B-myT","seq":#,"generation":1,"activity":"active"}',
      '{ "seq":#, "sessionId": "é"\n}',
    ]) {
      const words = wordsOf(Buffer.from(filled(template, '9')), 9);
      for (const seq of [0, 9, 10, 12_345_678]) {
        expect(words && numberIn(words, Buffer.from(filled(template, String(seq))))).toBe(seq);
      }
    }
  });

  it('are not known with a number that comes twice, or not plainly', () => {
    const bodies = [
      '{"seq":9,"seq":9}',
      '{"seq": 9}',
      '{"seq":9.0}',
      '{"seq":9e0}',
      '{"seq":9 }',
      '{"\\u0073eq":9}',
    ];
    for (const body of bodies) {
      expect(judged(body)?.seq).toBe(9);
      expect(wordsOf(Buffer.from(body), 9)).toBeNull();
    }
  });
});
