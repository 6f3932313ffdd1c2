import { ACCOUNTS, STATUSES, type Account, type Status } from '@presence/core';
import { nameOf, type Person } from '../clients/person.ts';
import { endOf, TOUCHED } from '../oracle/facts.ts';
import { TOUCH_LEASE_MS } from '../oracle/timing.ts';
import { pick, type Stage } from '../stage.ts';
import type { Action } from './action.ts';
import { freshMessage } from './raw.ts';

/** What the application does to one of its users, if its server runs. */
const ofApp = (
  name: string,
  weight: number,
  act: (
    person: Person,
    presence: ReturnType<Stage['presenceOf']>,
    stage: Stage,
  ) => Promise<unknown>,
): Action => ({
  name,
  weight,
  act: (stage) => {
    const life = stage.awake();
    const person = pick(stage.chance, stage.people);
    if (!life || !person) return null;
    const done = act(person, stage.presenceOf(life, person.tenant), stage);
    done.catch((error: unknown) => stage.note(`the application was refused: ${String(error)}`));
    return `the application: ${nameOf(person)} ${name}`;
  },
});

const setAccount = async (
  person: Person,
  presence: ReturnType<Stage['presenceOf']>,
  { oracle, chance, world }: Stage,
): Promise<void> => {
  const account = (chance.next() < 0.6 ? 'active' : pick(chance, ACCOUNTS)) as Account;
  const { epoch } = world.life() ?? {};
  await presence.setAccount(person.userId, account);
  if (world.life()?.epoch !== epoch) return;
  const known = oracle.user(person.tenant, person.userId);
  known.account = account;
  known.touchedAt = world.clock.now();
  if (account !== 'active') known.sessions.clear();
};

const adminClaim = async (
  person: Person,
  presence: ReturnType<Stage['presenceOf']>,
  stage: Stage,
): Promise<void> => {
  const { oracle, chance, world } = stage;
  const status = pick(chance, STATUSES) as Status;
  const source = status === 'offline' || chance.next() < 0.5 ? 'admin' : 'calendar';
  const message = freshMessage(stage, person);
  const forMs = 1 + Math.floor(chance.next() * 180_000);
  const holdsAbsent = source === 'admin' && chance.next() < 0.3;
  const { epoch } = world.life() ?? {};
  await presence.claim(person.userId, status, { source, message, forMs, holdsAbsent });
  if (world.life()?.epoch !== epoch) return;
  const at = world.clock.now();
  const known = oracle.user(person.tenant, person.userId);
  known.touchedAt = at;
  known.claims.set(source, {
    source,
    status,
    message,
    until: at + forMs,
    priority: source === 'admin' ? 100 : 40,
    setAt: at,
    holdsAbsent,
  });
};

/** A request without a client. It counts where no session may live, and is put off where one may or may not. */
const touch = async (
  person: Person,
  presence: ReturnType<Stage['presenceOf']>,
  { oracle, world }: Stage,
): Promise<void> => {
  const known = oracle.user(person.tenant, person.userId);
  const real = [...known.sessions.values()].filter(({ id }) => id !== TOUCHED);
  const startedAt = world.clock.now();
  if (real.some((session) => endOf(session).from <= startedAt)) return;
  const { epoch } = world.life() ?? {};
  await presence.touch({ ...person });
  if (world.life()?.epoch !== epoch) return;
  const at = world.clock.now();
  known.touchedAt = at;
  if (real.length > 0) return;
  const before = known.sessions.get(TOUCHED);
  const from = Math.max(before?.lease?.from ?? 0, at + TOUCH_LEASE_MS * (before ? 0.75 : 1));
  known.sessions.set(TOUCHED, {
    id: TOUCHED,
    socket: null,
    generation: 0,
    lease: { from, by: at + TOUCH_LEASE_MS },
    leaving: null,
    silent: null,
    idleSince: null,
    activeAt: at,
    seq: 0,
    stalledMs: 0,
  });
};

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

const signOutAll = async (
  person: Person,
  presence: ReturnType<Stage['presenceOf']>,
  { oracle, world }: Stage,
): Promise<void> => {
  const { epoch } = world.life() ?? {};
  await presence.signOut(person.userId);
  if (world.life()?.epoch !== epoch) return;
  const known = oracle.user(person.tenant, person.userId);
  known.touchedAt = world.clock.now();
  known.signedOutAt = world.clock.now();
  known.sessions.clear();
};

/** What the application does to its users. */
export const APP_ACTIONS: readonly Action[] = [
  ofApp('has their account changed', 5, setAccount),
  ofApp('gets a claim by the application', 5, adminClaim),
  ofApp('is signed out everywhere', 2, signOutAll),
  ofApp('sends a request without a client', 3, touch),
  {
    name: 'logs in anew',
    weight: 4,
    act: ({ chance, people, world }) => {
      const person = pick(chance, people);
      if (!person) return null;
      person.issuedAt = world.clock.now();
      return `${nameOf(person)} logs in anew`;
    },
  },
];

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
