import { nameOf } from '../clients/person.ts';
import { pick, type Stage } from '../stage.ts';
import type { Action } from './action.ts';
import { APP_ACTIONS } from './app.ts';

/** A ticket is good for one socket, whoever shows it. */
const showOldTicket: Action = {
  name: 'an old ticket is shown',
  weight: 2,
  act: ({ chance, actors, world }) => {
    const actor = pick(
      chance,
      actors.filter((one) => one.kind === 'socket'),
    );
    const hello = actor?.sent.findLast((text) => text.startsWith('{"type":"hello"'));
    if (!actor || !hello) return null;
    const silent = (): void => undefined;
    const socket = world.socket(actor.line, (task) => task(), {
      open: () => socket.send(hello),
      message: silent,
      closed: silent,
    });
    world.clock.after(20_000, () => socket.close());
    return `${nameOf(actor.person)}: a stranger shows an old ticket`;
  },
};

const NETWORK_ACTIONS: readonly Action[] = [
  {
    name: 'a line is cut',
    weight: 4,
    act: ({ chance, lines, actors, world }) => {
      const line = pick(
        chance,
        lines.filter(({ state }) => state === 'up'),
      );
      if (!line) return null;
      if (actors.some((actor) => actor.line === line && actor.kind === 'browser')) return null;
      world.cut(line);
      return `line ${line.name} is cut`;
    },
  },
  {
    name: 'a line is healed',
    weight: 8,
    act: ({ chance, lines, actors, world }) => {
      const line = pick(
        chance,
        lines.filter(({ state }) => state === 'cut'),
      );
      if (!line) return null;
      if (actors.some((actor) => actor.line === line && actor.kind === 'browser')) return null;
      world.heal(line);
      return `line ${line.name} is healed`;
    },
  },
];

/** Stalls are clearly shorter or clearly longer than what a store takes for standing still. */
const stallMs = ({ chance }: Stage): number =>
  chance.next() < 0.5
    ? 200 + Math.floor(chance.next() * 3500)
    : 6500 + Math.floor(chance.next() ** 3 * 90_000);

const SERVER_ACTIONS: readonly Action[] = [
  {
    name: 'the server stalls',
    weight: 3,
    act: (stage) => {
      const { world } = stage;
      if (!stage.awake()) return null;
      const forMs = stallMs(stage);
      world.stallServer();
      world.clock.after(forMs, world.wakeServer);
      return `the server stands still for ${forMs} ms`;
    },
  },
  {
    name: 'the server is killed',
    weight: 0.7,
    act: ({ world, chance }) => {
      if (!world.life()) return null;
      const forMs = Math.floor(chance.next() * 20_000);
      world.killServer();
      world.clock.after(forMs, () => (world.life() ? undefined : world.startServer()));
      return `the server is killed, to start again after ${forMs} ms`;
    },
  },
];

const REPLAY_ACTIONS: readonly Action[] = [
  showOldTicket,
  {
    name: 'an old request comes once more',
    weight: 6,
    act: ({ chance, actors, world }) => {
      const actor = pick(
        chance,
        actors.filter((one) => one.kind === 'http'),
      );
      const request = actor && pick(chance, actor.sent);
      if (!request || actor.line.state === 'cut') return null;
      world.request(actor.line, request, true).catch(() => undefined);
      return `${nameOf(actor.person)} ${actor.name}: ${request.method} ${request.path} comes once more ${JSON.stringify(request.body)}`;
    },
  },
];

/** What happens to people from outside. */
export const WORLD_ACTIONS: readonly Action[] = [
  ...APP_ACTIONS,
  ...NETWORK_ACTIONS,
  ...SERVER_ACTIONS,
  ...REPLAY_ACTIONS,
];
