import { heartbeatSchema } from '@presence/core/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlainBeat } from './plain-beat.ts';

const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, -0, 1e300, 2 ** 53, NaN));
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('active', 'idle', 'web', 'a\n', '\ud800', 'x'.repeat(33), 'x'.repeat(129)),
);
const value = fc.oneof(number, text, fc.boolean(), fc.constant(null), fc.jsonValue());
const name = fc.constantFrom(
  'sessionId',
  'seq',
  'generation',
  'activity',
  'idleMs',
  'hidden',
  'device',
  '__proto__',
  'other',
);

const likely = fc.record(
  {
    sessionId: fc.oneof(fc.string({ unit: fc.constantFrom('a', 'Z', '0', '_', '-', '.') }), text),
    seq: fc.oneof(fc.nat(), number),
    generation: fc.oneof(fc.nat(), number),
    activity: fc.constantFrom('active', 'idle', 'offline'),
    idleMs: fc.oneof(fc.nat(), number),
    hidden: fc.boolean(),
    device: fc.oneof(fc.constantFrom('web', 'mobile-1'), text),
  },
  { requiredKeys: [] },
);

const objects = fc
  .array(fc.tuple(name, value), { maxLength: 6 })
  .map((entries) => Object.fromEntries(entries));

describe('a plain heartbeat', () => {
  it('is never one that the schema refuses or gives differently', () => {
    let plain = 0;
    fc.assert(
      fc.property(fc.oneof(likely, objects, fc.jsonValue()), (body) => {
        // As it would come over the wire.
        const sent: unknown = JSON.parse(JSON.stringify(body));
        if (!isPlainBeat(sent)) return;
        plain += 1;
        expect(heartbeatSchema.safeParse(sent)).toEqual({ success: true, data: sent });
      }),
      { numRuns: 5000 },
    );
    expect(plain).toBeGreaterThan(100);
  });

  it('is what clients send', () => {
    for (const body of [
      {},
      { device: 'web' },
      { sessionId: 'V1StGXR8_Z5jdHi6B-myT', seq: 7, activity: 'active', hidden: false },
      {
        sessionId: 'V1StGXR8_Z5jdHi6B-myT',
        generation: 3,
        seq: 8,
        activity: 'idle',
        idleMs: 300_000,
      },
    ]) {
      expect(isPlainBeat(body)).toBe(true);
    }
  });
});
