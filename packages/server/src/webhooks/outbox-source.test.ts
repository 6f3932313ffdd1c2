import { createSeededRandom, createVirtualClock } from '@presence/core/testing';
import { expect, it } from 'vitest';
import type { Hook } from './hook.ts';
import { outboxSource } from './outbox-source.ts';
import type { Outbox, OutboxItem } from './outbox.ts';

const item: OutboxItem = {
  key: { tenant: 'default', userId: 'ada' },
  revision: 7,
  record: null,
  step: null,
  at: 1_700_000_000_000,
};

const silent = (): void => undefined;

/** A source over an outbox whose pages come when the test says so. */
const reading = async () => {
  const clock = createVirtualClock();
  const pages: ((items: readonly OutboxItem[]) => void)[] = [];
  const outbox = {
    enroll: () => Promise.resolve(),
    take: () => Promise.resolve(true),
    waiting: () => new Promise((resolve) => pages.push(resolve)),
    remove: () => Promise.resolve(),
    trim: () => Promise.resolve(),
  } as unknown as Outbox;
  const taken: Hook[] = [];
  const source = outboxSource({
    outbox,
    presence: { on: () => silent },
    name: 'default',
    clock,
    random: createSeededRandom(1),
    logger: { debug: silent, info: silent, warn: silent, error: silent },
    most: 100,
  });
  await source.start((hook) => void taken.push(hook));
  /** The next page is asked for. */
  const asked = async (): Promise<(items: readonly OutboxItem[]) => Promise<void>> => {
    await clock.advance(1000);
    const answer = pages.shift()!;
    return async (items) => {
      answer(items);
      await clock.advance(0);
    };
  };
  return { taken, asked };
};

it('what is over while a page is being read is not told once more because it stands in it', async () => {
  const { taken, asked } = await reading();
  await (
    await asked()
  )([item]);
  expect(taken).toHaveLength(1);
  const answer = await asked();
  await taken[0]!.over(null);
  await answer([item]);
  expect(taken).toHaveLength(1);
  // It stands in the next one: an admin let it wait again.
  await (
    await asked()
  )([item]);
  expect(taken).toHaveLength(2);
});
