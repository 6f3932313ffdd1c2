import type { Scenario } from '../scenario.ts';

/** L9, where the message was lost. */
const CLOSED_MS = 16_000;

export const signOutLost: Scenario = {
  name: 'sign-out-lost',
  breaks:
    'L9: users are signed out on one node, and the node with their sockets does not hear of it',
  holds: 'their sockets are closed within 16 s',
  run: async ({ nodes, crowd, history, during, scale, pass }) => {
    const out = crowd.some(scale.some, ({ node }) => node === nodes.at(0).name);
    await during('messages', async () => {
      nodes.proxy(0).deafen('subscribers');
      await Promise.all(
        out.map(async (person) => {
          const at = Date.now();
          // Gone from when it is asked for: who counts before the answer is here may count without them.
          const isClosed = person.expelled().then(() => true);
          crowd.forget(person);
          await nodes.at(1).signOut(`user-${person.user}`);
          const inTime = await Promise.race([isClosed, pass(CLOSED_MS).then(() => false)]);
          history.attempts.push({
            what: `the socket of user ${person.user}, who was signed out`,
            at,
            wanted: 'closed',
            got: inTime ? 'closed' : `open after ${CLOSED_MS} ms`,
          });
        }),
      );
    });
  },
};
