import type { Command, Key } from '@presence/core';
import { createVirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import { engineOver } from '../../test-fixtures/engine.ts';
import { memoryStore } from '../stores/memory/memory-store.ts';
import type { PresenceStore } from '../stores/store.ts';

const ada: Key = { tenant: 'acme', userId: 'ada' };

const claim = (source: string, forMs?: number): Command => ({
  type: 'claim',
  source,
  status: 'busy',
  forMs,
});

/** A store that needs so long for each commit, the last of these for all that follow. */
const setup = (...takesMs: number[]) => {
  const clock = createVirtualClock();
  const memory = memoryStore({ clock });
  let commits = 0;
  const store: PresenceStore = {
    ...memory,
    commit: async (writes) => {
      const ms = takesMs[Math.min(commits, takesMs.length - 1)]!;
      commits += 1;
      await new Promise<void>((resolve) => void clock.after(ms, resolve));
      return memory.commit(writes);
    },
  };
  const engine = engineOver({ store, clock });
  const settled = async (commands: readonly Command[]) => {
    const done = Promise.allSettled(commands.map((command) => engine.execute(ada, command)));
    await clock.advance(5000);
    return done;
  };
  return { clock, engine, settled, commits: () => commits };
};

describe('a claim that ends before the store can have it', () => {
  it('is refused at once, and told why', async () => {
    const { settled, commits } = setup(3);
    const [short] = await settled([claim('user', 1)]);
    expect(short).toMatchObject({
      reason: { code: 'invalid_request', message: expect.stringContaining('after it is stored') },
    });
    expect(commits()).toBeLessThan(4);
  });

  it('does not keep others of the user from being stored', async () => {
    const { engine, settled } = setup(3);
    const [short, long] = await settled([claim('user', 1), claim('calendar', 60_000)]);
    expect(short).toMatchObject({ status: 'rejected', reason: { code: 'invalid_request' } });
    expect(long).toMatchObject({ status: 'fulfilled' });
    const { record } = await engine.read(ada);
    expect(record?.claims.map(({ source }) => source)).toEqual(['calendar']);
  });

  it('holds for its whole time where the store stood still once', async () => {
    const { clock, engine } = setup(1500, 3);
    const held = engine.execute(ada, claim('user', 1000));
    await clock.advance(1500);
    const secondTry = clock.now();
    await clock.advance(3);
    expect((await held).record?.claims).toMatchObject([{ until: secondTry + 1000 }]);
  });
});
