import type { Scenario } from '../scenario.ts';

export const redisBackWithData: Scenario = {
  name: 'redis-back-with-data',
  breaks: 'Redis is killed (-9) and comes back with its data',
  holds: 'nobody who is connected goes offline, and who left meanwhile is gone soon after',
  keepsLinks: true,
  run: async ({ store, during, someVanish, everybodyIsThere, pass, scale }) => {
    someVanish();
    await during('store-away', async (back) => {
      await store.redis.kill();
      someVanish();
      await pass(scale.faultMs);
      back();
      await store.redis.start(true);
    });
    await everybodyIsThere();
  },
};

export const redisBackEmpty: Scenario = {
  name: 'redis-back-empty',
  breaks: 'Redis is killed (-9) and comes back empty',
  holds:
    'everybody who is connected is online again within 20 s, users by HTTP at their next beat, and nobody else',
  keepsLinks: true,
  run: async ({ store, during, someVanish, everybodyIsThere, everyBeaterIsBack, pass, scale }) => {
    someVanish();
    await during('store-away', () =>
      during('store-lost', async () => {
        await store.redis.kill();
        someVanish();
        await pass(scale.faultMs);
        await store.redis.start(false);
      }),
    );
    await everyBeaterIsBack();
    await everybodyIsThere();
  },
};
