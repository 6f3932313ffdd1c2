import * as fc from 'fast-check';
import { expect } from 'vitest';
import { BY_THE_APPLICATION, type RunningApp } from './apps.ts';
import { call, type Answered, type Call } from './call.ts';

const nested = (depth: number): unknown =>
  depth === 0 ? 1 : depth % 2 === 0 ? [nested(depth - 1)] : { a: nested(depth - 1) };

/** Bodies that no route takes, as they go over the wire. */
export const BAD_BODIES: readonly (readonly [string, string | Uint8Array, number])[] = [
  ['not JSON', '{"device":', 400],
  ['JSON with a tail', '{} {}', 400],
  ['single quotes', "{'device':'web'}", 400],
  ['a comment', '{/* */}', 400],
  ['NaN', '{"idleMs":NaN}', 400],
  ['an array', '[]', 400],
  ['a text', '"web"', 400],
  ['a number', '7', 400],
  ['null', 'null', 400],
  ['an unknown key', '{"unknown":1}', 400],
  ['__proto__', '{"__proto__":{"device":"web"}}', 400],
  ['__proto__, escaped', '{"\\u005f_proto__":{}}', 400],
  ['constructor', '{"constructor":{"prototype":{}}}', 400],
  ['prototype, deep inside', '{"userIds":[{"a":{"prototype":1}}]}', 400],
  ['nested nine deep', JSON.stringify(nested(9)), 400],
  ['nested a thousand deep', `${'['.repeat(1000)}${']'.repeat(1000)}`, 400],
  ['a control character in a text', '{"device":"a\\u0000b"}', 400],
  ['a lone surrogate', '{"device":"\\ud800","sessionId":"\\udc00"}', 400],
  ['only spaces', '   ', 400],
];

export const isRefusal = ({ status, text }: Answered): void => {
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  const { error } = JSON.parse(text) as { error: { code: string; message: string } };
  expect(error.code).toMatch(/^[a-z_]+$/);
  expect(error.message).toMatch(/^\S.{8,500}$/s);
  expect(Object.keys(error)).toEqual(['code', 'message']);
};

export const codeOf = ({ text }: Pick<Answered, 'text'>): string =>
  (JSON.parse(text) as { error: { code: string } }).error.code;

/** What an application's own parser refuses has the same status, and words of the application's. */
const verdictOf = (answered: Answered, first: Answered): readonly [number, string] => {
  if (answered.status < 400) return [answered.status, ''];
  const code = codeOf(answered);
  return [answered.status, code === BY_THE_APPLICATION ? codeOf(first) : code];
};

/** Asks all frameworks the same: each refuses it, all alike, and none writes anything. */
export const refusedBy = async (apps: readonly RunningApp[], asked: Call): Promise<Answered> => {
  const answers = await Promise.all(
    apps.map(async (app) => {
      const before = app.writes.count;
      const answered = await call(app.url, asked);
      expect([app.name, app.writes.count]).toEqual([app.name, before]);
      return answered;
    }),
  );
  const [first] = answers as [Answered];
  isRefusal(first);
  answers.forEach((answered, index) => {
    const { name } = apps[index] as RunningApp;
    expect([name, verdictOf(answered, first)]).toEqual([name, verdictOf(first, first)]);
  });
  return first;
};

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 6 }),
  fc.dictionary(
    fc.constantFrom(
      'sessionId',
      'seq',
      'activity',
      'idleMs',
      'hidden',
      'device',
      'status',
      'forMs',
      'userIds',
      'account',
      'until',
      'frames',
      'reason',
      '__proto__',
      'constructor',
    ),
    fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.bigInt().map(String),
    ),
  ),
);

/** Bodies of every kind. */
const fuzzed = fc.oneof(
  anything.map((value) => JSON.stringify(value)),
  fc.string({ unit: 'binary' }),
  anything.chain((value) => {
    const text = JSON.stringify(value);
    return fc.nat({ max: text.length }).map((at) => text.slice(0, at));
  }),
);

/** Whatever comes as the body of a call, every application gives the same verdict, and none fails. */
export const sameVerdictOfAll = (
  apps: readonly RunningApp[],
  callWith: (body: string) => Call,
  numRuns: number,
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(fuzzed, async (body) => {
      const answers = await Promise.all(apps.map((app) => call(app.url, callWith(body))));
      const [first] = answers as [Answered];
      expect(first.status).toBeLessThan(500);
      for (const answered of answers) {
        expect(verdictOf(answered, first)).toEqual(verdictOf(first, first));
      }
    }),
    { numRuns },
  );
