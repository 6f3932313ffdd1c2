import { PLACES } from '../nodes.ts';
import type { Scenario } from '../scenario.ts';

const places = Array.from({ length: PLACES }, (_, place) => place);

export const allKilled: Scenario = {
  name: 'all-killed',
  breaks: 'all three nodes are killed (-9) and start again',
  holds: 'everybody is back within a minute, and nobody who comes back was seen leaving',
  run: async ({ nodes, during, someVanish, everybodyIsThere, pass, scale }) => {
    someVanish();
    await during('store-away', async (back) => {
      await Promise.all(places.map(nodes.kill));
      await pass(scale.faultMs);
      back();
      await Promise.all(places.map(nodes.start));
    });
    await everybodyIsThere();
  },
};
