import type { Json } from '@presence/core/protocol';
import { joinRoom, type Page } from '../clients/browser-user.ts';
import { nameOf } from '../clients/person.ts';
import type { RawHttp } from '../clients/raw-http.ts';
import type { RawSocket } from '../clients/raw-socket.ts';
import { pick, ROOMS, type Actor, type Stage } from '../stage.ts';
import type { Action } from './action.ts';
import { freshMessage } from './raw.ts';

type Act<Kind extends Actor['kind']> = (
  actor: Extract<Actor, { kind: Kind }>,
  room: string,
  stage: Stage,
) => string | null | void;

/** The rooms that a device is in, as far as anybody knows. */
const roomsOf = (actor: Actor, { oracle }: Stage): readonly string[] => {
  const { tenant, userId } = actor.person;
  if (actor.kind === 'browser') return actor.pages.flatMap(({ rooms }) => [...rooms.keys()]);
  // Without a look at the time: a server that stands still may yet give an amnesty.
  const users = [...oracle.users()];
  const user = users.find((one) => one.tenant === tenant && one.userId === userId);
  const session = user?.sessions.get(actor.sessionId ?? '');
  return [...(session?.rooms.keys() ?? [])];
};

/** Mostly one that the device is in, for what is done in rooms; seldom what makes no sense. */
const anyRoom = (actor: Actor, isNew: boolean, stage: Stage): string | undefined => {
  const isSenseless = isNew || stage.chance.next() < 0.1;
  return pick(stage.chance, isSenseless ? ROOMS : roomsOf(actor, stage));
};

/** Something that somebody does with one of the rooms, on a device of one kind. */
const inRoom = <Kind extends Actor['kind']>(
  name: string,
  weight: number,
  kind: Kind,
  act: Act<Kind>,
): Action => ({
  name,
  weight,
  act: (stage) => {
    const { actors, chance } = stage;
    const ofKind = actors.filter((one) => one.kind === kind) as Extract<Actor, { kind: Kind }>[];
    const actor = pick(chance, ofKind);
    const isNew = name === 'joins' || name === 'watches';
    const room = actor && anyRoom(actor, isNew, stage);
    if (!actor || room === undefined) return null;
    const more = act(actor, room, stage);
    if (more === null) return null;
    return `${nameOf(actor.person)} ${actor.name} ${name} ${room}${more ? ` ${more}` : ''}`;
  },
});

/** It names its tenant, so that a leak shows; sometimes nothing is said. */
const anyMeta = (actor: RawHttp | RawSocket, stage: Stage): Json | undefined =>
  stage.chance.next() < 0.5 ? freshMessage(stage, actor.person) : undefined;

const post = (actor: RawHttp, room: string, what: string, more: object = {}): string | null => {
  const { sessionId } = actor;
  if (sessionId === null) return null;
  const body = { sessionId, ...more };
  void actor.send({ method: 'POST', path: `/rooms/${room}/${what}`, body });
  return '';
};

/** How long after the first word something ends it, if it is not left to end by itself. */
const endsAfterMs = ({ chance }: Stage): number => Math.floor(chance.next() * 4000);

/** Whoever goes on says so again each time. */
const AGAIN_AFTER_MS = [3000, 6000, 9000, 12_000];

/** Somebody types; that ends by itself, or they go on, send it, leave the room, or go. */
const typing = (
  stage: Stage,
  { type, leave, go }: { type(state: boolean): void; leave(): void; go(): void },
): string => {
  type(true);
  const ends = [
    { name: 'for a moment', act: (): void => undefined },
    {
      name: 'and goes on',
      act: () => {
        for (const ms of AGAIN_AFTER_MS) stage.world.clock.after(ms, () => type(true));
      },
    },
    { name: 'and sends it', act: () => type(false) },
    { name: 'and leaves it', act: leave },
    { name: 'and goes', act: go },
  ];
  const end = pick(stage.chance, ends);
  stage.world.clock.after(endsAfterMs(stage), () => end?.act());
  return end?.name ?? '';
};

const HTTP_ACTIONS: readonly Action[] = [
  inRoom('joins', 8, 'http', (actor, room, stage) => {
    const meta = anyMeta(actor, stage);
    return post(actor, room, 'join', { ...(meta !== undefined && { meta }) });
  }),
  inRoom('leaves', 2, 'http', (actor, room) => post(actor, room, 'leave')),
  inRoom('types in', 6, 'http', (actor, room, stage) =>
    typing(stage, {
      type: (state) => void post(actor, room, 'typing', { state }),
      leave: () => void post(actor, room, 'leave'),
      go: () => actor.leave('signed-out'),
    }),
  ),
  inRoom('asks who is in', 2, 'http', (actor, room) => {
    void actor.send({ method: 'GET', path: `/rooms/${room}` });
  }),
];

const SOCKET_ACTIONS: readonly Action[] = [
  inRoom('joins', 4, 'socket', (actor, room, stage) =>
    actor.rooms.join(room, anyMeta(actor, stage)),
  ),
  inRoom('leaves', 1.5, 'socket', ({ rooms }, room) => rooms.leave(room)),
  inRoom('types in', 7, 'socket', ({ rooms, bye }, room, stage) =>
    typing(stage, {
      type: (state) => rooms.type(room, state),
      leave: () => rooms.leave(room),
      go: () => bye('signed-out'),
    }),
  ),
  inRoom('watches', 4, 'socket', ({ rooms }, room) => rooms.watch(room)),
  inRoom('watches no more', 1, 'socket', ({ rooms }, room) => rooms.unwatch(room)),
];

/** What a page does that runs; whether it applied. */
const inPage = (
  name: string,
  weight: number,
  act: (page: Page, room: string, stage: Stage) => string | null,
): Action =>
  inRoom(name, weight, 'browser', ({ state, pages }, room, stage) => {
    if (state === 'asleep') return null;
    const running = pages.filter((page) => page.state === 'shown' || page.state === 'hidden');
    const page = pick(stage.chance, running);
    const more = page ? act(page, room, stage) : null;
    return page && more !== null ? `in page ${page.id} ${more}` : null;
  });

const leaveRoom = ({ rooms }: Page, room: string): boolean => {
  rooms.get(room)?.();
  return rooms.delete(room);
};

const PAGE_ACTIONS: readonly Action[] = [
  inPage('joins', 5, (page, room) => (joinRoom(page, room) ? '' : null)),
  inPage('leaves', 2, (page, room) => (leaveRoom(page, room) ? '' : null)),
  inPage('types in', 7, (page, room, stage) => {
    if (!page.rooms.has(room)) return null;
    const { startTyping, stopTyping } = page.client.room(room);
    return typing(stage, {
      type: (state) => (state ? startTyping() : stopTyping()),
      leave: () => void leaveRoom(page, room),
      go: () => void page.client.signOut().catch(() => undefined),
    });
  }),
];

/** What people do in rooms. */
export const ROOM_ACTIONS: readonly Action[] = [
  ...HTTP_ACTIONS,
  ...SOCKET_ACTIONS,
  ...PAGE_ACTIONS,
];
