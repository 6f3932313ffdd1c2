import { resolvePolicy, type Command, type Key } from '@presence/core';
import { createVirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import { engineOver } from '../../test-fixtures/engine.ts';
import { memoryStore } from '../stores/memory/memory-store.ts';
import { createTally } from './tally.ts';
import { noteCommit } from './transitions.ts';

const ada: Key = { tenant: 'acme', userId: 'ada' };

const open: Command = {
  type: 'open',
  sessionId: 's1',
  resume: false,
  lease: { ownForMs: 120_000 },
  device: null,
  idleMs: null,
};

const leave = (cause: 'page-closed' | 'link-lost'): Command => ({
  type: 'leave',
  sessionId: 's1',
  generation: null,
  graceMs: 0,
  cause,
});

/** An engine whose commits are counted, reaped each second. */
const setup = () => {
  const clock = createVirtualClock();
  const policy = resolvePolicy();
  const tally = createTally();
  const engine = engineOver({
    store: memoryStore({ clock }),
    clock,
    onCommit: (commit) => noteCommit(tally, commit, policy),
  });
  const seconds = async (count: number): Promise<void> => {
    for (let second = 0; second < count; second += 1) {
      await clock.advance(1000);
      await engine.reap(100);
    }
  };
  return { engine, tally, seconds };
};

const sumOf = (tally: ReturnType<typeof createTally>, cause: string): number =>
  tally.timeToOffline.of(cause).sum;

describe('what commits say of comings and goings', () => {
  it('somebody whose lease nobody renewed is a ghost that was healed, after the lease', async () => {
    const { engine, tally, seconds } = setup();
    await engine.execute(ada, open);
    await seconds(125);
    expect(tally.ghosts).toBe(1);
    expect(sumOf(tally, 'lease-ended')).toBeGreaterThanOrEqual(120);
    expect(sumOf(tally, 'lease-ended')).toBeLessThanOrEqual(121);
    expect([...tally.transitions.entries()]).toEqual([
      [['online', 'opened'], 1],
      [['offline', 'lease-ended'], 1],
    ]);
  });

  it('somebody who closed their page is none', async () => {
    const { engine, tally } = setup();
    await engine.execute(ada, open);
    await engine.execute(ada, leave('page-closed'));
    expect(tally.ghosts).toBe(0);
    expect(sumOf(tally, 'page-closed')).toBe(5);
    expect(tally.commits).toBe(2);
  });

  it.each([
    ['a lost one who is back in 30 s flapped', 'link-lost', 30, 1],
    ['one who is back after two minutes was away', 'link-lost', 120, 0],
    ['one who went on purpose may come back at once', 'page-closed', 1, 0],
  ] as const)('%s', async (_, cause, after, flaps) => {
    const { engine, tally, seconds } = setup();
    await engine.execute(ada, open);
    await engine.execute(ada, leave(cause));
    await seconds(after);
    await engine.execute(ada, open);
    expect(tally.flaps).toBe(flaps);
  });

  it('several transitions in one commit are counted each', async () => {
    const { engine, tally, seconds } = setup();
    await engine.execute(ada, open);
    await engine.execute(ada, { type: 'claim', source: 'user', status: 'busy', forMs: 10_000 });
    await seconds(0);
    await engine.execute(ada, { type: 'account', account: 'suspended' });
    const counted = Object.fromEntries(
      [...tally.transitions.entries()].map(([labels, count]) => [labels.join(' '), count]),
    );
    expect(counted).toEqual({ 'online opened': 1, 'busy claimed': 1, 'offline account': 1 });
  });
});
