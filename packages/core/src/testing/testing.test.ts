import { describe, expect, it } from 'vitest';
import { createSeededRandom } from './seeded-random.ts';
import { createVirtualClock } from './virtual-clock.ts';

describe('the virtual clock', () => {
  it('stands still until it is moved', async () => {
    const clock = createVirtualClock();
    expect(clock.now()).toBe(1_700_000_000_000);
    await clock.advance(5);
    expect(clock.now()).toBe(1_700_000_000_005);
    await clock.advanceTo(1_700_000_000_001);
    expect(clock.now()).toBe(1_700_000_000_005);
  });

  it('runs timers at their instants, in order, the first set first', async () => {
    const clock = createVirtualClock({ startAt: 0 });
    const ran: string[] = [];
    const note = (name: string) => () => ran.push(`${name}@${clock.now()}`);
    clock.after(20, note('b'));
    clock.after(10, note('a'));
    clock.after(20, note('c'));
    clock.after(-5, note('now'));
    clock.every(15, note('each'));
    await clock.advance(30);
    expect(ran).toEqual(['now@0', 'a@10', 'each@15', 'b@20', 'c@20', 'each@30']);
    expect(clock.pending()).toBe(1);
  });

  it('a timer that was cancelled does not run, also by another at the same instant', async () => {
    const clock = createVirtualClock();
    const ran: string[] = [];
    clock.after(10, () => cancel());
    const cancel = clock.after(10, () => ran.push('cancelled'));
    const each = clock.every(10, () => {
      ran.push('each');
      each();
      each();
    });
    await clock.advance(100);
    expect(ran).toEqual(['each']);
    expect(clock.pending()).toBe(0);
  });

  it('waits for the promises that a timer started before it runs the next', async () => {
    const clock = createVirtualClock();
    const ran: string[] = [];
    clock.after(10, () => {
      void (async () => {
        for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
        ran.push('work');
        clock.after(5, () => ran.push('more'));
      })();
    });
    clock.after(20, () => ran.push('next'));
    await clock.advance(20);
    expect(ran).toEqual(['work', 'more', 'next']);
  });

  it('waits as a test with real work asks it to', async () => {
    let flushed = 0;
    const clock = createVirtualClock({
      flush: async () => {
        flushed += 1;
      },
    });
    clock.after(1, () => {});
    await clock.advance(2);
    expect(flushed).toBe(3);
  });

  it('after a sleep what is overdue runs late, once', async () => {
    const clock = createVirtualClock({ startAt: 0 });
    const ran: number[] = [];
    clock.every(10, () => ran.push(clock.now()));
    clock.jump(35);
    expect(ran).toEqual([]);
    await clock.advance(0);
    expect(ran).toEqual([35]);
    await clock.advance(10);
    expect(ran).toEqual([35, 45]);
  });

  it('a period of nothing does not stop time', async () => {
    const clock = createVirtualClock();
    let ran = 0;
    clock.every(0, () => {
      ran += 1;
    });
    await clock.advance(3);
    expect(ran).toBe(4);
  });
});

describe('seeded random', () => {
  it('the same seed gives the same numbers and ids, another seed others', () => {
    const [a, b, c] = [createSeededRandom(7), createSeededRandom(7), createSeededRandom(8)];
    const draw = (random: typeof a) => [random.next(), random.id(), random.next()];
    const first = draw(a);
    expect(draw(b)).toEqual(first);
    expect(draw(c)).not.toEqual(first);
  });

  it('numbers are in [0, 1) and spread', () => {
    const random = createSeededRandom(1);
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let draw = 0; draw < 10_000; draw += 1) {
      const number = random.next();
      expect(number >= 0 && number < 1).toBe(true);
      const tenth = Math.floor(number * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('ids are URL-safe, at most 32 characters, and do not repeat', () => {
    const random = createSeededRandom(2);
    const ids = Array.from({ length: 2000 }, () => random.id());
    expect(new Set(ids).size).toBe(2000);
    for (const id of ids) expect(id).toMatch(/^[\w-]{16,32}$/);
  });
});
