import { createVirtualClock } from '@presence/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createJournal, type Entry, type Journal } from './journal.ts';

const LEASE_MS = 30_000;

let clock: ReturnType<typeof createVirtualClock>;
let journal: Journal;

beforeEach(() => {
  clock = createVirtualClock();
  journal = createJournal({ clock, nameOf: (id) => id.toUpperCase(), onChange: () => undefined });
});

const newest = (): Entry | undefined => journal.entries()[0];
const killed = (...userIds: string[]): void =>
  journal.gone(2, 'killed', userIds, clock.now() + LEASE_MS);

describe('a node that is killed', () => {
  it('says until when they count, and who came back where', async () => {
    killed('ada', 'noah', 'mei');
    expect(newest()).toMatchObject({ title: 'Node 2 was killed', tone: 'waiting' });
    expect(newest()?.detail).toMatch(
      /^3 people hung on its lease, which counts until \d\d:\d\d:\d\d at the latest\. Nobody is back yet\.$/,
    );
    await clock.advance(400);
    journal.arrived('ada', 1);
    journal.arrived('noah', 3);
    expect(newest()?.detail).toContain('2 came back, 1 on node 1 and 1 on node 3.');
    await clock.advance(300);
    journal.arrived('mei', 3);
    expect(newest()).toMatchObject({
      tone: 'good',
      detail: 'All 3 came back within 0.7 s, 1 on node 1 and 2 on node 3. Nobody was seen leaving.',
    });
    expect(journal.seenLeaving()).toBe(0);
  });

  it('says who did not come back, when that was seen', async () => {
    killed('ada', 'noah');
    journal.arrived('ada', 1);
    await clock.advance(LEASE_MS);
    journal.offline('noah');
    await clock.advance(5000);
    expect(newest()).toMatchObject({
      tone: 'plain',
      detail: '1 came back, on node 1. 1 person did not come back, and went offline.',
    });
    expect(journal.seenLeaving()).toBe(0);
  });

  it('calls nobody offline of whom nobody said so: there may be no node to say it', async () => {
    killed('ada');
    await clock.advance(10 * LEASE_MS);
    expect(newest()).toMatchObject({ tone: 'waiting' });
    expect(newest()?.detail).toContain('Nobody is back yet.');
    journal.arrived('ada', 1);
    expect(newest()).toMatchObject({ tone: 'good' });
  });

  it('counts whoever came back after having been seen leaving', () => {
    killed('ada');
    journal.offline('ada');
    journal.arrived('ada', 1);
    expect(newest()).toMatchObject({ tone: 'bad' });
    expect(newest()?.detail).toContain('1 person had been seen leaving.');
    expect(journal.seenLeaving()).toBe(1);
  });

  it('with nobody on it is nothing to wait for', () => {
    killed();
    expect(newest()).toMatchObject({ tone: 'plain', detail: 'Nobody was on it.' });
  });
});

it('a node that drains asks its people to come back elsewhere', () => {
  journal.gone(1, 'drained', ['ada'], clock.now() + 60_000);
  expect(newest()).toMatchObject({ title: 'Node 1 drains' });
  expect(newest()?.detail).toMatch(/^1 person is asked to come back elsewhere/);
  journal.arrived('ada', 2);
  expect(newest()?.detail).toMatch(/^The one who was on it came back within 0\.1 s, on node 2\./);
});

it('somebody who leaves by themselves is named', () => {
  journal.offline('ada');
  expect(newest()).toMatchObject({ title: 'ADA went offline' });
});

it('keeps the newest fifty', () => {
  for (let count = 0; count < 80; count += 1) journal.say(`entry ${count}`);
  expect(journal.entries()).toHaveLength(50);
  expect(newest()?.title).toBe('entry 79');
});
