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

interface ClaimByApp {
  readonly source: 'admin' | 'calendar';
  readonly status: Status;
  readonly forMs: number;
  readonly holdsAbsent: boolean;
}

/** A claim that the application makes for somebody, acknowledged before it counts for the oracle. */
export const claimFor = async (
  person: Person,
  presence: ReturnType<Stage['presenceOf']>,
  stage: Stage,
  claim: ClaimByApp,
): Promise<void> => {
  const { oracle, world } = stage;
  const { source, status, forMs, holdsAbsent } = claim;
  const message = freshMessage(stage, person);
  const { epoch } = world.life() ?? {};
  await presence.claim(person.userId, status, { source, message, forMs, holdsAbsent });
  if (world.life()?.epoch !== epoch) return;
  const at = world.clock.now();
  const known = oracle.user(person.tenant, person.userId);
  known.touchedAt = at;
  const priority = source === 'admin' ? 100 : 40;
  const until = at + forMs;
  known.claims.set(source, { source, status, message, until, priority, setAt: at, holdsAbsent });
};

const anyClaim = (
  person: Person,
  presence: ReturnType<Stage['presenceOf']>,
  stage: Stage,
): Promise<void> => {
  const { chance } = stage;
  const status = pick(chance, STATUSES) as Status;
  const source = status === 'offline' || chance.next() < 0.5 ? 'admin' : 'calendar';
  const forMs = 1 + Math.floor(chance.next() * 180_000);
  const holdsAbsent = source === 'admin' && chance.next() < 0.3;
  return claimFor(person, presence, stage, { source, status, forMs, holdsAbsent });
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
    rooms: new Map(),
  });
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
  ofApp('gets a claim by the application', 5, anyClaim),
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
