import { createVirtualClock } from '@presence/core/testing';
import { createPresence } from '@presence/server';
import { expect, onTestFinished, test } from 'vitest';
import { explainTo } from './explain-to.ts';

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
