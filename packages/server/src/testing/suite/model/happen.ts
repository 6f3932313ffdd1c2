import { isBlocked, type Command, type Open, type Session } from '@presence/core';
import { equal, ok } from 'node:assert/strict';
import { matchingNow } from './verify.ts';
import type { HistoryStep } from './steps.ts';
import { labelOf } from './users.ts';
import { keyAt, type Link, type Submitted, type World } from './world.ts';

type Of<Name extends HistoryStep['do']> = Extract<HistoryStep, { do: Name }>;
type Happening = { [Name in HistoryStep['do']]: (world: World, step: Of<Name>) => Promise<void> };

const linkAt = ({ links }: World, index: number): Link | undefined =>
  links[index % Math.max(1, links.length)];

/** A command of a socket must come from the connection that holds the session now. */
const isNewest = ({ links }: World, link: Link): boolean =>
  links.findLast(({ session }) => session.id === link.session.id) === link;

/** A command that a client of any node gives about its own connection. */
const anyEngine = (index: number): number => index % 3;

const opened = async (
  world: World,
  step: { readonly engine: number; readonly http: boolean },
  open: Pick<Open, 'sessionId' | 'resume'> & Pick<Submitted, 'key' | 'isAllowed'>,
): Promise<void> => {
  const { facts, links, stage } = world;
  const { key, sessionId, resume, isAllowed } = open;
  if (!step.http) await world.renew(step.engine);
  const ownForMs = stage.policy.leaseMs;
  const lease = step.http ? { ownForMs } : { shared: world.engine(step.engine).lease };
  await world.submit({
    engine: step.engine,
    key,
    ...(isAllowed !== undefined && { isAllowed }),
    command: { type: 'open', sessionId, resume, lease, device: null, idleMs: null },
    effect: ({ committedAt }, session) => {
      facts.setSession(labelOf(key), sessionId, session);
      if (step.http) facts.extend(session!.lease, committedAt + ownForMs);
      ok(facts.isAlive(session!.lease, committedAt), 'S1: a session on a lease that has ended');
      links.push({ key, session: session!, isHttp: step.http });
    },
  });
};

const observed = async (world: World, link: Link, idleMs: number | null): Promise<void> => {
  const { facts, stage } = world;
  const { id: sessionId, generation } = link.session;
  const forMs = stage.policy.leaseMs;
  const command: Command = link.isHttp
    ? { type: 'beat', sessionId, seq: null, forMs, idleMs }
    : { type: 'activity', sessionId, generation, idleMs };
  await world.submit({
    engine: generation,
    key: link.key,
    command,
    effect: ({ committedAt }, session) => {
      ok(link.isHttp || isNewest(world, link), 'S12: a former connection was heard');
      facts.setSession(labelOf(link.key), sessionId, session);
      if (link.isHttp) facts.extend(session!.lease, committedAt + forMs);
    },
  });
};

const endAll = ({ facts }: World, user: string): void => {
  for (const id of facts.of(user).sessions.keys()) facts.setSession(user, id, null);
};

const isOver = (session: Session | undefined, at: number): boolean =>
  session !== undefined && session.endsAt !== null && session.endsAt <= at;

/** What each step does, and what becomes a fact by it. */
const HAPPENINGS: Happening = {
  pass: ({ stage }, { ms }) => stage.pass(ms),
  stop: async ({ stage, facts }, { ms }) => {
    const aliveAt = stage.clock.now();
    stage.clock.jump(ms);
    facts.pardon(aliveAt, stage.clock.now());
  },
  open: (world, { user, ...step }) => {
    const key = keyAt(user);
    const isAllowed = !isBlocked(world.facts.of(labelOf(key)).account);
    const sessionId = world.freshSession();
    return opened(world, step, { key, sessionId, resume: false, isAllowed });
  },
  resume: async (world, { link: index, ...step }) => {
    const link = linkAt(world, index);
    if (!link) return;
    const user = labelOf(link.key);
    const living = world.facts.livingOf(user, world.stage.clock.now());
    const { id: sessionId } = link.session;
    const isAllowed = living.some(({ id }) => id === sessionId);
    await opened(world, step, { key: link.key, sessionId, resume: true, isAllowed });
  },
  beat: async ({ stage, facts, links }, { link: index }) => {
    const link = links[index % Math.max(1, links.length)];
    if (!link?.isHttp) return;
    const { lease, id } = link.session;
    const now = stage.clock.now();
    const { lost } = await stage.store.renew(
      [{ id: lease, forMs: stage.policy.leaseMs }],
      now + 2000,
    );
    const isLost = lost.length > 0;
    const session = facts.of(labelOf(link.key)).sessions.get(id);
    // Who noticed first that the page closed decides whether its lease is gone with the session.
    if (!isOver(session, now)) equal(isLost, !facts.isAlive(lease, now), `S2: a beat on ${lease}`);
    if (!isLost) facts.extend(lease, now + stage.policy.leaseMs);
  },
  activity: async (world, { link: index, idleMs }) => {
    const link = linkAt(world, index);
    if (link) await observed(world, link, idleMs);
  },
  leave: async (world, { link: index, graceMs }) => {
    const link = linkAt(world, index);
    if (!link) return;
    const { id: sessionId, generation } = link.session;
    await world.submit({
      engine: anyEngine(index),
      key: link.key,
      command: { type: 'leave', sessionId, generation, graceMs, cause: 'page-closed' },
      effect: (_, session) => {
        ok(isNewest(world, link), 'S12: a former connection left');
        world.facts.setSession(labelOf(link.key), sessionId, session);
      },
    });
  },
  renew: (world, { engine }) => world.renew(engine),
  crash: async (world, { engine }) => world.crash(engine),
  claim: async (world, { user, source, status, forMs }) => {
    const key = keyAt(user);
    const holdsAbsent = source === 'admin' && status !== 'away';
    const command = { type: 'claim', source, status, forMs, holdsAbsent } as const;
    await world.submit({
      engine: anyEngine(user),
      key,
      command,
      effect: ({ loadedAt, committedAt }) => {
        const holds = forMs === undefined || loadedAt + forMs > committedAt;
        ok(holds, 'S8: a claim was acknowledged that had ended already');
        world.facts.setClaim(labelOf(key), command, loadedAt);
      },
    });
  },
  release: async (world, { user, source }) => {
    const key = keyAt(user);
    const effect = () => void world.facts.of(labelOf(key)).claims.delete(source);
    await world.submit({
      engine: anyEngine(user),
      key,
      command: { type: 'release', source },
      effect,
    });
  },
  hide: async (world, { user, hidden }) => {
    const key = keyAt(user);
    const visibility = hidden ? 'hidden' : 'visible';
    const effect = () => {
      world.facts.of(labelOf(key)).visibility = visibility;
    };
    await world.submit({ engine: 0, key, command: { type: 'visibility', visibility }, effect });
  },
  account: async (world, { user, account }) => {
    const key = keyAt(user);
    const effect = () => {
      world.facts.of(labelOf(key)).account = account;
      if (isBlocked(account)) endAll(world, labelOf(key));
    };
    await world.submit({ engine: 1, key, command: { type: 'account', account }, effect });
  },
  'sign-out': async (world, { user }) => {
    const key = keyAt(user);
    const effect = () => endAll(world, labelOf(key));
    await world.submit({ engine: 2, key, command: { type: 'sign-out' }, effect });
  },
  reap: async (world, { engine, limit, spread }) => {
    await world.engine(engine).reap(limit, spread);
  },
  park: async (world) => world.park(),
  deliver: (world, { parked }) => world.deliver(parked),
  page: (world) => world.pager.next(world.engine(1), matchingNow(world)),
  lose: async (world) => world.replica.lose(),
  heal: (world) => world.replica.heal(),
};

export const happen = (world: World, step: HistoryStep): Promise<void> =>
  (HAPPENINGS[step.do] as (world: World, step: HistoryStep) => Promise<void>)(world, step);
