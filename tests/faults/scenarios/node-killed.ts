import type { Scenario } from '../scenario.ts';

/** Every other user of the node does not come back. */
const staysAway = ({ user }: { readonly user: number }): boolean => user % 2 === 1;

export const nodeKilled: Scenario = {
  name: 'node-killed',
  breaks: 'one of three nodes is killed (-9), and half of its users do not come back',
  holds:
    'whoever comes back elsewhere is never seen leaving; the others go offline when the lease of the node ends, once, and no earlier',
  run: async ({ nodes, crowd, someVanish, scale, everybodyIsThere, pass, policy }) => {
    const { name } = nodes.at(0);
    const silent = crowd.some(scale.some, ({ node }) => node === nodes.at(1).name);
    crowd.leave(silent, 'silent');
    crowd.leave(crowd.beaters.slice(0, scale.some), 'beats-ended');
    someVanish();
    crowd.giveUp(crowd.people.filter((person) => person.node === name && staysAway(person)));
    await nodes.kill(0);
    await everybodyIsThere();
    await pass(policy.nodeLeaseMs);
    await nodes.start(0);
  },
};
