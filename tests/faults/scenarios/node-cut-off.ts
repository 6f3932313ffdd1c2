import type { Scenario } from '../scenario.ts';

export const nodeCutOff: Scenario = {
  name: 'node-cut-off',
  breaks: 'one node does not reach Redis for longer than its lease',
  holds: 'its users are offline for the others when the lease ends, and online again soon after',
  keepsLinks: true,
  run: async ({ nodes, during, everybodyIsThere, pass, policy, scale }) => {
    const { name: node } = nodes.at(0);
    await during(
      'cut-off',
      async () => {
        nodes.proxy(0).cut('all');
        await pass(policy.nodeLeaseMs + scale.faultMs / 2);
        nodes.proxy(0).heal();
      },
      { node },
    );
    await everybodyIsThere();
  },
};

export const nodeDeaf: Scenario = {
  name: 'node-deaf',
  breaks:
    'nothing gets through on the connections that one node has to Redis, and nobody closes them',
  holds: 'it opens others before its lease ends, and nobody is seen leaving',
  keepsLinks: true,
  nobodyGoes: true,
  run: async ({ nodes, during, everybodyIsThere, pass, policy }) => {
    const { name: node } = nodes.at(0);
    await during(
      'cut-off',
      async () => {
        nodes.proxy(0).deafen('all');
        await pass(policy.nodeLeaseMs);
      },
      { node },
    );
    await everybodyIsThere();
  },
};
