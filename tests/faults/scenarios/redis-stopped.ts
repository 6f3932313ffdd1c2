import { ask } from '../crowd/ask.ts';
import type { Scenario } from '../scenario.ts';
import type { Stage } from '../stage.ts';

/** The store gives up after a second; the rest is for a machine that is busy with everybody else who asks. */
const ANSWERED_MS = 4000;

/** It is refused soon, and nothing of it is applied when the store wakes. */
const beatInVain = async ({ nodes, history }: Stage): Promise<void> => {
  const at = Date.now();
  const { status, retryAfter } = await ask(
    nodes.at(1).port,
    'in-vain@fences',
    'POST',
    '/heartbeat',
    {},
  );
  const isSoon = Date.now() - at < ANSWERED_MS;
  history.attempts.push({
    what: 'a heartbeat while the store stands still',
    at,
    wanted: '503, to be tried later, soon',
    got: `${status}${retryAfter ? ', to be tried later' : ''}${isSoon ? ', soon' : ''}`,
  });
};

const isNobody = async ({ nodes, history }: Stage): Promise<void> => {
  const { body } = await ask(nodes.at(0).port, 'reader@fences', 'GET', '/users/in-vain');
  const { status } = body as { status: string };
  const what = 'what was refused while the store stood still, read afterwards';
  history.attempts.push({ what, at: Date.now(), wanted: 'offline', got: status });
};

export const redisStopped: Scenario = {
  name: 'redis-stopped',
  breaks: 'Redis stands still (SIGSTOP)',
  holds: 'nobody who is connected goes offline, and nothing that was refused is applied late',
  keepsLinks: true,
  run: async (stage) => {
    const { store, during, someVanish, everybodyIsThere, pass, scale } = stage;
    someVanish();
    await during('store-away', async (back) => {
      store.redis.pause();
      someVanish();
      await pass(1000);
      await beatInVain(stage);
      await pass(scale.stopMs - 2000);
      back();
      store.redis.resume();
    });
    await everybodyIsThere();
    await pass(2000);
    await isNobody(stage);
  },
};
