import { createVirtualClock } from '@presence/core/testing';
import { createPresence } from '@presence/server';
import { expect, onTestFinished, test } from 'vitest';
import { explainTo, timeless } from './explain-to.ts';

const setUp = () => {
  const clock = createVirtualClock();
  const presence = createPresence({ authenticate: () => null, testing: { clock } });
  onTestFinished(presence.close);
  return { clock, presence };
};

test('S17: to others, who hides is explained as who left', async () => {
  const { clock, presence } = setUp();
  for (const userId of ['hides', 'leaves']) {
    await presence.signIn(userId);
    await presence.claim(userId, 'busy', { message: 'Writing' });
  }
  await clock.advance(1000);
  await Promise.all([presence.setVisibility('hides', 'hidden'), presence.signOut('leaves')]);
  await clock.advance(1000);
  await presence.claim('hides', 'dnd', { message: 'Secret' });
  const [hidden, gone] = await Promise.all(
    ['hides', 'leaves'].map((userId) => explainTo(presence, userId, false)),
  );
  expect({ ...hidden, userId: '' }).toEqual({ ...gone, userId: '' });
  expect(hidden?.full).toBe(false);

  const own = await explainTo(presence, 'hides', true);
  expect(own.status).toBe('dnd');
  expect(own.sentences.join(' ')).toContain('Hidden');
});

test('S17: the time of hiding stays unsaid after it', async () => {
  const { clock, presence } = setUp();
  await presence.signIn('ada');
  await clock.advance(1000);
  await presence.setVisibility('ada', 'hidden');
  await clock.advance(1000);
  await presence.claim('ada', 'dnd');
  await clock.advance(1000);
  await presence.setVisibility('ada', 'visible');
  await clock.advance(1000);
  await presence.claim('ada', 'busy');
  const told = await explainTo(presence, 'ada', false);
  expect(told.full).toBe(true);
  expect(told.transitions.map(({ status, cause }) => [status, cause])).toEqual([
    ['busy', 'claimed'],
  ]);
  expect(JSON.stringify(told)).not.toMatch(/hid|visib/i);
});

/** Every number in an answer that is an instant. */
const instantsIn = (value: unknown): number[] => {
  if (typeof value === 'number') return value > 1_000_000_000_000 ? [value] : [];
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap(instantsIn)
    : [];
};

test('S17: nothing that others read is older than the instant at which somebody came back', async () => {
  const { clock, presence } = setUp();
  await presence.signIn('ada');
  await clock.advance(1000);
  await presence.setVisibility('ada', 'hidden');
  await clock.advance(60_000);
  await presence.claim('ada', 'dnd');
  await clock.advance(1000);
  const backAt = clock.now();
  await presence.setVisibility('ada', 'visible');
  await clock.advance(45_000);
  const told = await explainTo(presence, 'ada', false);
  expect(told.sessions).toHaveLength(1);
  expect(Math.min(...instantsIn(told))).toBe(backAt);
  expect(instantsIn(await explainTo(presence, 'ada', true)).some((at) => at < backAt)).toBe(true);

  // Many transitions later the record has forgotten that there was any hiding.
  for (const status of ['busy', 'away', 'dnd', 'online', 'busy', 'away'] as const) {
    await clock.advance(1000);
    await presence.claim('ada', status);
  }
  const later = await explainTo(presence, 'ada', false);
  expect(later.sessions.map(({ openedAt }) => openedAt)).toEqual([null]);
  expect(Math.min(...instantsIn(later))).toBeGreaterThan(backAt);
});

test.each([
  [
    'Shows busy for another 59 min 17 s, because they set it themselves.',
    'Shows busy, because they set it themselves.',
  ],
  [
    'Away, because every session is idle; the last input was 6 min ago.',
    'Away, because every session is idle.',
  ],
  [
    'Offline, because no session is alive; last seen 2 h 5 min ago.',
    'Offline, because no session is alive.',
  ],
  [
    'Offline, because every session has been idle for 31 min.',
    'Offline, because every session has been idle for too long.',
  ],
  ['This becomes online in 5 min when the claim ends.', 'This becomes online when the claim ends.'],
  ['Online, because 1 session of 1 is active.', 'Online, because 1 session of 1 is active.'],
])('what runs on is not said in words: %s', (sentence, said) => {
  expect(timeless(sentence)).toBe(said);
});
