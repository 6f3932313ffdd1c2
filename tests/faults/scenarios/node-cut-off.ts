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
