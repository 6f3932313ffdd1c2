import { createVirtualClock } from '@presence/core/testing';
import { expect, it } from 'vitest';
import { createPresence } from './presence.ts';

it('a claim lasts a second at least: no store has it in less', async () => {
  const clock = createVirtualClock();
  const presence = createPresence({ authenticate: () => null, testing: { clock } });
  await presence.signIn('ada');
  await presence.claim('ada', 'busy', { forMs: 1 });
  const { claims } = await presence.me('ada');
  expect(claims).toMatchObject([{ status: 'busy', until: clock.now() + 1000 }]);
  await expect(presence.claim('ada', 'busy', { forMs: 0 })).rejects.toMatchObject({
    code: 'invalid_request',
  });
  await presence.close();
});
