import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planted, type Planted } from '../../../test-fixtures/planted.ts';
import {
  connectRedis,
  createSuiteStore,
  flush,
  missingRedis,
} from '../../../test-fixtures/redis.ts';
import { CHECKS } from '../../testing/suite/checks.ts';
import { onStage, type Subject } from '../../testing/suite/stage.ts';
import { SCRIPTS } from './scripts.generated.ts';
import type { ScriptTexts } from './scripts.ts';

const PLANTED: readonly Planted<string>[] = [
  planted(
    'validUntil is ignored',
    "return validUntil ~= '' and now >= tonumber(validUntil)",
    'return false',
    'a write is refused at its validUntil, and leaves nothing behind',
  ),
  planted(
    'renew ignores validUntil',
    "local isLate = ARGV[1] ~= '' and now >= tonumber(ARGV[1])",
    'local isLate = false',
    'a renewal that comes too late renews nothing',
  ),
  planted(
    'renew revives shared leases',
    'isLate or (expiry and expiry <= now) or (not expiry and not mayCreate)',
    'isLate or (not expiry and not mayCreate)',
    'a lease that ended is not revived, held or not, with create or without',
  ),
  planted(
    'renew revives own leases',
    'if isLate or expiry <= now then',
    'if isLate or expiry == 0 then',
    'a lease that ended is not revived, held or not, with create or without',
  ),
  planted(
    'renew creates own leases',
    'if isLate or expiry <= now then',
    'if isLate or (expiry <= now and expiry > 0) then',
    'a renewal creates shared leases alone, and only when asked to',
  ),
  planted(
    'renew shortens',
    'if ends > expiry then',
    'if true then',
    'a renewal extends to the clock and its duration, and never shortens',
  ),
  planted(
    'holders are not counted',
    'isLost and -1 or holders',
    'isLost and -1 or 0',
    'a renewal says how many records hold a shared lease',
  ),
  planted(
    'the last write wins',
    'if before.revision ~= write.base then',
    'if false then',
    'a commit is compare-and-set by revision, and says what is there instead',
  ),
  planted(
    'the last write wins where nothing else changes',
    'return string.sub(value, 1, #same) == same',
    'return true',
    'a commit is compare-and-set by revision, and says what is there instead',
  ),
  planted(
    'validUntil is ignored where nothing else changes',
    "ARGV[first + 7] == '' or isLate(ARGV[first + 2]) then",
    "ARGV[first + 7] == '' then",
    'a write is refused at its validUntil, and leaves nothing behind',
  ),
  planted(
    'what changes beside the record is forgotten',
    'put(write, before)\n  end\n  return reason',
    'local _ = before\n  end\n  return reason',
    'a record is due at its deadline, until a commit moves the deadline on',
  ),
  planted(
    'a shared lease held anew is not checked',
    'if isShared(id) and not before.isHeld[id] then',
    'if false then',
    'a shared lease held anew must live; one held already is not asked again',
  ),
  planted(
    'a shared lease held already is checked',
    'if isShared(id) and not before.isHeld[id] then',
    'if isShared(id) then',
    'a shared lease held anew must live; one held already is not asked again',
  ),
  planted(
    'an own lease outlives the record that held it',
    'setEnd(id, nil)\n        renewed[id] = true',
    'local _ = id',
    'an own lease dies when its record no longer holds it',
  ),
  planted(
    'a shared lease is removed before its holders',
    'if count == 0 then\n    dropLease(id)',
    'if true then\n    dropLease(id)',
    'an ended lease keeps its expiry readable as long as a record holds it',
  ),
  planted(
    'an ended lease is due a second later',
    'local last = now',
    'local last = now - 1000',
    'a lease ends at its instant, reaped or not',
  ),
  planted(
    'entries that a write does not name stay in the index',
    'entries[write.tenant .. SEP .. scope .. middle] = false',
    'local _ = scope',
    'an engine of another release leaves no entry behind in lists that this one does not know',
  ),
  planted(
    'deleted records stay in the holds',
    "holds[id .. SEP .. (before.solo == id and '1' or '0') .. SEP .. write.field] = false",
    'local _ = id',
    'a deleted record leaves no trace in lists, holds or deadlines',
  ),
  planted(
    'a deadline that is taken away stays',
    "deadlines[write.field] = write.deadline ~= '' and write.deadline",
    "if write.deadline ~= '' then deadlines[write.field] = write.deadline end",
    'a record is due at its deadline, until a commit moves the deadline on',
  ),
  planted(
    'no overdue records',
    'isFound[field] = true\n      fields[#fields + 1] = field',
    'isFound[field] = true',
    'what the index cannot judge is given to settle, from the very millisecond on',
  ),
  planted(
    'overdue records are counted twice',
    'counts[shown] = counts[shown] - 1',
    'local _ = shown',
    'what the index cannot judge is given to settle, from the very millisecond on',
  ),
  planted(
    'a dead node stays online until it is reaped',
    'return isEnded[solo] and OFFLINE or status',
    'return status',
    'the users of a dead node count as offline, each once, before anybody reaps',
  ),
  planted(
    'a page begins with the one before it again',
    "'(' .. group.prefix .. after",
    "'[' .. group.prefix .. after",
    'paging gives everybody once: pages of one, filters, and an end that moves on',
  ),
  planted(
    'lists of all tenants',
    "redis.call('ZLEXCOUNT', IDX, '[' .. group.prefix, '(' .. group.prefix .. LAST)",
    "redis.call('ZCARD', IDX)",
    'whatever a neighbour does, a tenant sees the same, byte for byte',
  ),
  planted(
    'a message without its number',
    "{'c', integer(number), integer(now)",
    "{'c', '7', integer(now)",
    'each commit is told once, with all that it made true, and numbered without holes',
  ),
  planted(
    'a batch of changes counts as one',
    "redis.call('HINCRBY', SEQ, name, count) - count + 1",
    "redis.call('HINCRBY', SEQ, name, 1)",
    'each commit is told once, with all that it made true, and numbered without holes',
  ),
  planted(
    'steps are lost on the way',
    'told[last + 3] = ARGV[first + 6]',
    "told[last + 3] = '0'",
    'each commit is told once, with all that it made true, and numbered without holes',
  ),
  planted(
    'no amnesty',
    'local isOld = now - pulse > 5000',
    'local isOld = false',
    'after a stop, leases that lived at the last pulse live on, for reads and reaping alike',
  ),
  planted(
    'an amnesty for a pulse that is young',
    'local isOld = now - pulse > 5000',
    'local isOld = now - pulse > 4000',
    'a pulse of five seconds is not old',
  ),
  planted(
    'an amnesty is forgotten when a second one begins',
    'if count > 0 or latest > amnesty[1] then',
    'if count > 0 then',
    'a second stop pardons again, and what ended between the two stays ended',
  ),
  planted(
    'what is due later is not foretold',
    'for _, key in ipairs({DUE, OWN, NODE}) do',
    'for _, key in ipairs({}) do',
    'nextAt is never later than the next thing that is due',
  ),
];

const checks = Object.values(CHECKS).flat();

/** Every script with the mistake in it. */
const mistaken = ({ right, wrong, bug }: Planted<string>): ScriptTexts => {
  const texts = Object.entries(SCRIPTS).map(([name, text]) => [
    name,
    text.replaceAll(right, wrong),
  ]);
  if (texts.every(([name, text]) => text === SCRIPTS[name as keyof typeof SCRIPTS])) {
    throw new Error(`The scripts have no place for: ${bug}.`);
  }
  return Object.fromEntries(texts) as ScriptTexts;
};

describe.skipIf(missingRedis('redis'))('the store contract on a Redis with a mistake', () => {
  let redis: Redis;
  beforeAll(() => {
    redis = connectRedis();
  });
  afterAll(() => redis.disconnect());

  const subject = (scriptTexts: ScriptTexts): Subject => ({
    create: (clock) => createSuiteStore(redis, clock, { scriptTexts }),
    flush,
  });

  it.each(PLANTED)('refuses: $bug', async (bug) => {
    const check = checks.find(({ name }) => name === bug.refusedBy);
    if (!check) throw new Error(`No check is called: ${bug.refusedBy}.`);
    await expect(onStage(subject(mistaken(bug)), check.run)).rejects.toThrow();
  });
});
