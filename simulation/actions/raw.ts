import type { ClaimableStatus } from '@presence/core';
import { CLAIMABLE_STATUSES } from '@presence/core';
import { nameOf, type Person } from '../clients/person.ts';
import type { RawHttp } from '../clients/raw-http.ts';
import type { RawSocket } from '../clients/raw-socket.ts';
import { pick, type Stage } from '../stage.ts';
import type { Action } from './action.ts';

type Raw = RawHttp | RawSocket;

const some = <Kind extends Raw['kind']>(
  { actors, chance }: Stage,
  ...kinds: Kind[]
): Extract<Raw, { kind: Kind }> | undefined =>
  pick(
    chance,
    actors.filter((actor) => (kinds as string[]).includes(actor.kind)),
  ) as Extract<Raw, { kind: Kind }> | undefined;

const action = <Kind extends Raw['kind']>(
  name: string,
  weight: number,
  kinds: readonly Kind[],
  act: (actor: Extract<Raw, { kind: Kind }>, stage: Stage) => string | void,
): Action => ({
  name,
  weight,
  act: (stage) => {
    const actor = some(stage, ...kinds);
    if (!actor) return null;
    const more = act(actor, stage);
    return `${nameOf(actor.person)} ${actor.name} ${name}${more ? ` ${more}` : ''}`;
  },
});

/** Unlike any other, so that equal content means the same change; it names its tenant, so that a leak shows. */
export const freshMessage = ({ chance }: Stage, { tenant }: Person): string =>
  `${tenant} ${chance.id().slice(0, 10)}`;

const claim = (actor: Raw, stage: Stage): string => {
  const { chance } = stage;
  const status = pick(chance, CLAIMABLE_STATUSES) as ClaimableStatus;
  const forMs = chance.next() < 0.6 ? { forMs: 1 + Math.floor(chance.next() * 120_000) } : {};
  const body = { status, message: freshMessage(stage, actor.person), ...forMs };
  if (actor.kind === 'socket') actor.send({ type: 'status', ...body });
  else void actor.send({ method: 'PUT', path: '/me/status', body });
  return status;
};

const release = (actor: Raw): void => {
  if (actor.kind === 'socket') actor.send({ type: 'status', status: null });
  else void actor.send({ method: 'DELETE', path: '/me/status' });
};

const setVisibility = (actor: Raw, { chance }: Stage): string => {
  const visibility = chance.next() < 0.5 ? 'hidden' : 'visible';
  if (actor.kind === 'socket') actor.send({ type: 'visibility', visibility });
  else void actor.send({ method: 'PUT', path: '/me/visibility', body: { visibility } });
  return visibility;
};

const watch = (actor: RawSocket, { people, chance }: Stage): string => {
  if (chance.next() < 0.3) {
    actor.watch('tenant');
    return 'tenant';
  }
  const ids = people
    .filter(({ tenant }) => tenant === actor.person.tenant)
    .map(({ userId }) => userId)
    .filter(() => chance.next() < 0.7);
  if (ids.length > 0) actor.watch(ids);
  return ids.join(' ');
};

const query = (actor: RawHttp, { people, chance }: Stage): void => {
  const userIds = people
    .filter(({ tenant }) => tenant === actor.person.tenant)
    .map(({ userId }) => userId);
  const more = chance.next();
  if (more < 0.4) void actor.send({ method: 'POST', path: '/users/query', body: { userIds } });
  else if (more < 0.7) void actor.send({ method: 'GET', path: '/online' });
  else void actor.send({ method: 'GET', path: '/me' });
};

/** What people with the scripted clients do. */
export const RAW_ACTIONS: readonly Action[] = [
  action('starts', 10, ['http', 'socket'], (actor) => actor.start()),
  action('is active', 6, ['http', 'socket'], (actor) => actor.setActive(true)),
  action('is idle', 5, ['http', 'socket'], (actor) => actor.setActive(false)),
  action('vanishes', 5, ['http'], (actor) => actor.vanish()),
  action('hides its page', 2, ['http'], (actor, { chance }) =>
    actor.setHidden(chance.next() < 0.5),
  ),
  action('closes', 3, ['http'], (actor) => actor.leave('closed')),
  action('signs out', 2, ['http'], (actor) => actor.leave('signed-out')),
  action('drops its socket', 3, ['socket'], (actor, { chance }) => actor.drop(chance.next() < 0.4)),
  action('says bye', 3, ['socket'], (actor) => actor.bye('closed')),
  action('says bye for good', 2, ['socket'], (actor) => actor.bye('signed-out')),
  action('claims', 8, ['http', 'socket'], claim),
  action('releases', 3, ['http', 'socket'], release),
  action('sets visibility', 4, ['http', 'socket'], setVisibility),
  action('watches', 6, ['socket'], watch),
  action('unwatches', 2, ['socket'], (actor) => actor.unwatch()),
  action('asks', 4, ['http'], query),
];
