import { PLACES, type Nodes } from '../nodes.ts';
import type { Proxy } from '../proxy/proxy.ts';
import type { Scenario } from '../scenario.ts';

const LATE_MS = 2500;
/** Between two resets. */
const AGAIN_MS = 1500;

const each = (nodes: Nodes, act: (proxy: Proxy) => void): void => {
  for (let place = 0; place < PLACES; place += 1) act(nodes.proxy(place));
};

export const subscriberReset: Scenario = {
  name: 'subscriber-reset',
  breaks: 'the connections on which nodes hear of changes break, again and again',
  holds: 'all watchers agree soon, whatever was lost',
  keepsLinks: true,
  run: async ({ nodes, during, someComeAndGo, everybodyIsThere, pass }) => {
    await during('messages', async () => {
      for (let time = 0; time < 2; time += 1) {
        someComeAndGo();
        each(nodes, (proxy) => proxy.reset('subscribers'));
        await pass(AGAIN_MS);
      }
    });
    await everybodyIsThere();
  },
};

export const subscriberDeaf: Scenario = {
  name: 'subscriber-deaf',
  breaks:
    'nothing arrives any more on the connection on which two nodes hear of changes, and nobody closes it',
  holds: 'both find out by themselves, and all watchers agree',
  keepsLinks: true,
  run: async ({ nodes, during, someComeAndGo, everybodyIsThere, pass }) => {
    await during('messages', async () => {
      nodes.proxy(0).deafen('subscribers');
      nodes.proxy(1).deafen('subscribers');
      someComeAndGo();
      await pass(1000);
    });
    await everybodyIsThere();
  },
};

export const subscriberCut: Scenario = {
  name: 'subscriber-cut',
  breaks: 'the link on which nodes hear of changes is cut for a while',
  holds: 'reads stay exact, and all watchers agree once it is mended',
  keepsLinks: true,
  run: async ({ nodes, during, someComeAndGo, everybodyIsThere, pass, scale }) => {
    await during('messages', async () => {
      each(nodes, (proxy) => proxy.cut('subscribers'));
      someComeAndGo();
      await pass(scale.faultMs);
      each(nodes, (proxy) => proxy.heal());
    });
    await everybodyIsThere();
  },
};

export const subscriberSlow: Scenario = {
  name: 'subscriber-slow',
  breaks: 'changes reach the nodes seconds late',
  holds: 'nothing older is told after something newer, and all watchers agree',
  keepsLinks: true,
  run: async ({ nodes, during, someComeAndGo, everybodyIsThere, pass, scale }) => {
    await during('messages', async () => {
      each(nodes, (proxy) => proxy.slow('subscribers', LATE_MS));
      someComeAndGo();
      await pass(scale.faultMs / 2);
      someComeAndGo();
      await pass(scale.faultMs / 2);
      each(nodes, (proxy) => proxy.heal());
    });
    await everybodyIsThere();
  },
};
