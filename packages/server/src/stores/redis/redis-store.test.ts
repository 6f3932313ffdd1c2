import type { RedisClient } from './client.ts';
import { describe, expect, it } from 'vitest';
import { SCRIPTS, SERVER_CLOCK } from './scripts.generated.ts';
import { redisStore } from './redis-store.ts';
import { decodeId, encodeId, FIELD, ITEM } from '../shared/ids.ts';
import { AMNESTY_MS, PULSE_OLD_MS } from '../store.ts';

const client = (options: object = {}): RedisClient => ({
  isCluster: false,
  options,
  duplicate: () => {
    throw new Error('not reached');
  },
});

describe('options', () => {
  it.each([
    [{ redis: {} as RedisClient }, 'new Redis(url)'],
    [{ redis: client({ role: 'slave' }) }, 'role is "slave"'],
    [{ redis: client(), prefix: 'a{b}' }, 'prefix may have no braces'],
    [{ redis: client(), partitions: 0 }, 'partitions must be a whole number from 1 to 256: saw 0'],
    [{ redis: client(), shardsPerTenant: 2 }, 'shardsPerTenant must be a whole number from 1 to 1'],
    [{ redis: client(), deadlineMs: 0 }, 'deadlineMs must be above 0: saw 0'],
    [{ redis: client(), url: 'redis://x' }, '"url" is not an option. Known: redis, prefix'],
  ])('%o is refused with what was seen', (options, words) => {
    expect(() => redisStore(options)).toThrow(words);
  });
});

describe('the scripts', () => {
  it('S2: read the time from the server, and cannot be told it', () => {
    expect(SERVER_CLOCK).toContain("redis.call('TIME')");
    for (const text of Object.values(SCRIPTS)) {
      expect(text).not.toMatch(/\bnow *= *tonumber\(/);
      expect(text).not.toContain('#KEYS');
    }
  });

  it('S2: grant the amnesty of the contract', () => {
    const { due, commit, renew } = SCRIPTS;
    for (const text of [due, commit, renew]) {
      expect(text).toContain(`now + ${AMNESTY_MS.shared}, now + ${AMNESTY_MS.own}`);
      expect(text).toContain(`now - pulse > ${PULSE_OLD_MS}`);
    }
  });
});

describe('ids as they are stored', () => {
  const odd = [
    'a',
    '\u0000',
    '\u001d',
    '\u001e',
    '\u001f',
    '\u001f\u001e',
    'é',
    '\ud7ff',
    '\ue000',
  ];
  const more = ['\ud835\udc9c', '\ud835', '\udc9c', '\uffff', 'ﬀ', '\u001d!', '{}*:\n', 'a\ue000b'];

  it('S15: come back as they were, without separators', () => {
    for (const id of [...odd, ...more]) {
      expect(decodeId(encodeId(id))).toBe(id);
      expect([FIELD, ITEM].some((separator) => encodeId(id).includes(separator))).toBe(false);
    }
  });

  it('S14: are in bytes in the order of their code units', () => {
    const byUnits = [...odd, ...more].sort();
    const bytes = (id: string): Buffer => Buffer.from(encodeId(id));
    const byBytes = [...odd, ...more].sort((a, b) => Buffer.compare(bytes(a), bytes(b)));
    expect(byBytes).toEqual(byUnits);
  });
});
