import { createVirtualClock, type VirtualClock } from '@presence/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineOver } from '../../test-fixtures/engine.ts';
import { createSuiteStore, flush, prepare, type Prepared } from '../../test-fixtures/sql.ts';
import { reapAll } from './reap-all.ts';

const NIGHT_MS = 24 * 3_600_000;
const ada = { tenant: 'acme', userId: 'ada' };

let prepared: Prepared;
beforeAll(async () => {
  prepared = await prepare('node:sqlite');
});
afterAll(() => prepared.dispose());

const setup = async () => {
  const clock = createVirtualClock();
  const { store } = await createSuiteStore(prepared, clock);
  const engine = engineOver({ store, clock });
  const waits: number[] = [];
  const night = (waiting: boolean) =>
    reapAll({ store, engine, clock, waits: waiting, onWait: (ms) => waits.push(ms) });
  const attend = () =>
    engine.execute(ada, {
      type: 'open',
      sessionId: 'tab',
      resume: false,
      lease: { ownForMs: 120_000 },
      device: null,
      idleMs: null,
    });
  return { clock, store, engine, waits, night, attend };
};

/** Lets time pass until the work is done; how much it was. */
const lasting = async (clock: VirtualClock, work: Promise<unknown>): Promise<number> => {
  const from = clock.now();
  const state = { isOver: false };
  void work.finally(() => (state.isOver = true));
  while (!state.isOver) {
    await clock.advance(1000);
    await flush();
  }
  return clock.now() - from;
};

describe('a clean-up from cron', () => {
  it('leaves at once where a server looks after the store', async () => {
    const { store, engine, night, attend, waits } = await setup();
    await attend();
    await store.due(1, 0);
    expect(await night(true)).toEqual({ reset: 0, isComplete: true });
    expect((await engine.read(ada)).record?.own.status).toBe('online');
    expect(waits).toEqual([]);
  });

  it('resets whoever was there when the last server died, once they had time to come back', async () => {
    const { clock, store, night, attend, waits } = await setup();
    await store.due(1, 0);
    await attend();
    await clock.advance(NIGHT_MS);
    const work = night(true);
    expect(await lasting(clock, work)).toBeGreaterThanOrEqual(75_000);
    expect(await work).toEqual({ reset: 1, isComplete: true });
    expect(waits).toEqual([76_000]);
  });

  it('says that it is not done where it may not wait', async () => {
    const { clock, store, night, attend } = await setup();
    await store.due(1, 0);
    await attend();
    for (let nights = 0; nights < 2; nights += 1) {
      await clock.advance(NIGHT_MS);
      expect(await night(false)).toEqual({ reset: 0, isComplete: false });
    }
  });
});
