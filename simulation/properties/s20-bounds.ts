import { TENANTS, type Property } from '../stage.ts';

/** What a server with nobody there holds: its own timers, and nothing for anybody. */
export const bounds: Property = {
  id: 'S20',
  title: 'when everybody has left, everything that was held for them is given back',
  watch: ({ world, lines, presenceOf, violate }) => {
    let idleTimers = 0;
    return {
      started: ({ clock }) => {
        world.clock.after(0, () => (idleTimers = clock.timers));
      },
      empty: async (life) => {
        for (const tenant of TENANTS) {
          const { count } = await presenceOf(life, tenant).count();
          if (count > 0)
            violate('S20', `${count} users of ${tenant} are there after all have left`);
        }
        const { sockets } = world.load();
        if (sockets > 0) violate('S20', `the server holds ${sockets} sockets of nobody`);
        // The watches in process of S5 and S6 are one subscription for each tenant.
        if (life.subscriptions() > TENANTS.length) {
          violate('S20', `the server holds ${life.subscriptions()} subscriptions of nobody`);
        }
        const pipes = lines.reduce((sum, line) => sum + line.pipes, 0);
        if (pipes > 0) violate('S20', `${pipes} requests or sockets were never ended`);
        // The node's lease is renewed for as long as the node lives, once it was needed.
        if (life.clock.timers > idleTimers + 1) {
          violate(
            'S20',
            `the server has ${life.clock.timers} timers, ${idleTimers} before anybody came`,
          );
        }
      },
    };
  },
};
