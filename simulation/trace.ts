// node simulation/trace.ts <seed> <steps> <tenant/user> <from second>: what crossed the border of the server for one user.
import { PROPERTIES } from './properties/all.ts';
import { simulate } from './simulate.ts';
import type { Property } from './stage.ts';

const [seed = '1', steps = '300', name = '', from = '0'] = process.argv.slice(2);

const tracing: Property = {
  id: 'trace',
  title: 'prints what crosses the border',
  watch: ({ world, ledger, oracle }) => {
    const startAt = world.clock.now();
    const [tenant = '', userId = ''] = name.split('/');
    const say = (text: string): void => {
      const at = (world.clock.now() - startAt) / 1000;
      if (at >= Number(from)) console.log(at.toFixed(3), text);
    };
    const isOf = (id: number): boolean => {
      const owner = ledger.ownerOf(id);
      return owner?.tenant === tenant && owner.userId === userId;
    };
    world.listen({
      answered: ({ request, answer }) => {
        const isTheirs = request.login?.tenant === tenant && request.login.userId === userId;
        if (!isTheirs && !request.isBeacon) return;
        const body = JSON.stringify(request.body)?.slice(0, 150);
        say(
          `${request.method} ${request.path} ${body} -> ${answer.status} ${answer.body?.slice(0, 120)}`,
        );
      },
      frameIn: ({ id }, text) =>
        isOf(id) ? say(`socket ${id} > ${text.slice(0, 200)}`) : undefined,
      frameOut: ({ id }, text) =>
        isOf(id) ? say(`socket ${id} < ${text.slice(0, 200)}`) : undefined,
      closed: ({ id, line }, byServer) =>
        line.startsWith(name)
          ? say(`socket ${id} closed ${byServer ? 'by the server' : ''}`)
          : undefined,
      silenced: ({ id, line }) =>
        line.startsWith(name) ? say(`socket ${id} falls silent`) : undefined,
      voiced: ({ id, line }) =>
        line.startsWith(name) ? say(`socket ${id} speaks again`) : undefined,
      stalled: (a, b) => say(`the server stood still for ${b - a} ms`),
    });
    return {
      started: (life) => {
        life.presence.on('change', (change) => {
          if (change.tenant === tenant && change.presence.userId === userId) {
            say(`told: ${JSON.stringify(change)}`);
          }
        });
      },
      step: () => {
        const { sessions, ...known } = oracle.user(tenant, userId);
        say(`known: ${JSON.stringify({ ...known, sessions: [...sessions.values()] })}`);
      },
    };
  },
};

const outcome = await simulate({
  seed: Number(seed),
  steps: Number(steps),
  properties: [...PROPERTIES, tracing],
});
console.log(outcome.violation);
