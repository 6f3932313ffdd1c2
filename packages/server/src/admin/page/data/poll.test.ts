import { createVirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import { createPoll } from './poll.ts';

interface Answer {
  resolve(): void;
  reject(error: Error): void;
}

/** Answers when told to. */
const createAsked = () => {
  const clock = createVirtualClock();
  const waiting: Answer[] = [];
  let asked = 0;
  const poll = createPoll({
    ask: () => {
      asked += 1;
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    everyMs: 10_000,
    clock,
  });
  const stop = poll.start();
  const settle = async (end: (answer: Answer) => void): Promise<void> => {
    for (const answer of waiting.splice(0)) end(answer);
    await clock.advance(0);
  };
  return {
    clock,
    poll,
    stop,
    asked: () => asked,
    answer: () => settle(({ resolve }) => resolve()),
    fail: () => settle(({ reject }) => reject(new Error('gone'))),
  };
};

describe('a poll', () => {
  it('asks at once, then each period after an answer', async () => {
    const { clock, asked, answer } = createAsked();
    expect(asked()).toBe(1);
    await clock.advance(60_000);
    expect(asked()).toBe(1);
    await answer();
    await clock.advance(9999);
    expect(asked()).toBe(1);
    await clock.advance(1);
    expect(asked()).toBe(2);
  });

  it('asks sooner after a failure', async () => {
    const { clock, asked, fail } = createAsked();
    await fail();
    await clock.advance(2000);
    expect(asked()).toBe(2);
  });

  it('never has two questions on their way, and asks again after one that may be old', async () => {
    const { poll, asked, answer } = createAsked();
    poll.now();
    poll.now();
    expect(asked()).toBe(1);
    await answer();
    expect(asked()).toBe(2);
    await answer();
    expect(asked()).toBe(2);
  });

  it('makes one question of many that come close together', async () => {
    const { clock, poll, asked, answer } = createAsked();
    await answer();
    for (let index = 0; index < 20; index += 1) {
      poll.soon();
      await clock.advance(50);
    }
    expect(asked()).toBe(2);
  });

  it('is silent once it is stopped', async () => {
    const { clock, poll, stop, asked, answer } = createAsked();
    poll.soon();
    stop();
    await answer();
    poll.soon();
    poll.now();
    await clock.advance(60_000);
    expect(asked()).toBe(1);
  });

  it('can be started again', async () => {
    const { clock, poll, stop, asked, answer } = createAsked();
    stop();
    poll.start();
    await answer();
    expect(asked()).toBe(2);
    await answer();
    await clock.advance(10_000);
    expect(asked()).toBe(3);
  });
});
