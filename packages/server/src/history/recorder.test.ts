import { PresenceError, type PresenceRecord, type Step, type Write } from '@presence/core';
import { createVirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import { keyOf, step } from '../testing/history/steps.ts';
import type { History } from './history.ts';
import { memoryHistory } from './memory-history.ts';
import { createRecorder } from './recorder.ts';

const commitOf = (userId: string, steps: readonly Step[], last: readonly Step[] = steps) => ({
  key: keyOf(userId),
  write: { steps, record: { steps: last } as PresenceRecord } as unknown as Write,
});

const setup = (append: (history: History) => History['append'] = (history) => history.append) => {
  const clock = createVirtualClock();
  const kept = memoryHistory();
  const errors: string[] = [];
  const silent = (): void => undefined;
  const recorder = createRecorder({
    keep: { ...kept, append: append(kept) },
    clock,
    logger: { debug: silent, info: silent, warn: silent, error: (_, text) => errors.push(text) },
  });
  const revisions = async (userId: string): Promise<readonly number[]> => {
    const range = { from: 0, until: Number.MAX_SAFE_INTEGER };
    const query = {
      key: keyOf(userId),
      ...range,
      order: 'oldest',
      after: null,
      limit: 99,
    } as const;
    return (await kept.read(query)).steps.map(({ revision }) => revision);
  };
  return { clock, recorder, errors, revisions };
};

describe('recording', () => {
  it('what another node could not write before it died comes with the next transition', async () => {
    const { recorder, revisions } = setup();
    recorder.record(
      commitOf('ada', [step(3, 'away')], [step(1, 'online'), step(2, 'busy'), step(3, 'away')]),
    );
    await recorder.flush();
    expect(await revisions('ada')).toEqual([1, 2, 3]);
  });

  it('S7: nothing waits for the next transition, however commits and answers meet', async () => {
    const { recorder, revisions } = setup();
    for (let revision = 1; revision <= 40; revision += 1) {
      recorder.record(commitOf('ada', [step(revision, 'busy')]));
      for (let turns = 0; turns < revision % 7; turns += 1) await Promise.resolve();
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(await revisions('ada')).toHaveLength(40);
  });

  it('waits for a history that does not answer, and loses nothing', async () => {
    let isDown = true;
    const { clock, recorder, revisions } = setup(({ append }) => async (entries) => {
      if (isDown) throw new PresenceError('store_unavailable', 'down');
      await append(entries);
    });
    recorder.record(commitOf('ada', [step(1, 'online')]));
    await expect(recorder.flush()).rejects.toThrow('down');
    recorder.record(commitOf('ada', [step(2, 'busy')]));
    await clock.advance(10_000);
    isDown = false;
    await clock.advance(1000);
    await recorder.flush();
    expect(await revisions('ada')).toEqual([1, 2]);
  });

  it('a user whom the history cannot hold keeps nobody waiting, and is said', async () => {
    const { recorder, revisions, errors } = setup(({ append }) => async (entries) => {
      if (entries.some(({ key }) => key.userId === 'odd')) {
        throw new PresenceError('invalid_request', 'This database cannot hold the id.');
      }
      await append(entries);
    });
    for (const userId of ['ada', 'odd', 'bob'])
      recorder.record(commitOf(userId, [step(1, 'busy')]));
    await recorder.flush();
    expect([await revisions('ada'), await revisions('odd'), await revisions('bob')]).toEqual([
      [1],
      [],
      [1],
    ]);
    expect(errors).toHaveLength(1);
  });

  it('S20: gives up what waited for longer than an erasure is remembered', async () => {
    let isDown = true;
    const { clock, recorder, revisions, errors } = setup(({ append }) => async (entries) => {
      if (isDown) throw new PresenceError('store_unavailable', 'down');
      await append(entries);
    });
    recorder.record(commitOf('ada', [step(1, 'online')]));
    await clock.advance(1_799_000);
    recorder.record(commitOf('bob', [step(2, 'online')]));
    isDown = true;
    await clock.advance(2000);
    isDown = false;
    await recorder.flush();
    expect([await revisions('ada'), await revisions('bob')]).toEqual([[], [2]]);
    expect(errors).toHaveLength(1);
  });
});
