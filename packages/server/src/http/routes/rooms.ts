import { metasIn, project, roomScope } from '@presence/core';
import {
  joinSchema,
  LIMITS,
  roomLeaveSchema,
  roomQuerySchema,
  typingSchema,
  type JoinRequest,
  type Json,
  type RoomAnswer,
  type RoomLeaveRequest,
  type RoomMember,
  type TypingRequest,
} from '@presence/core/protocol';
import type { Reading } from '../../engine/types.ts';
import { checkRoom } from '../../rooms/access.ts';
import { checkStanding } from '../../security/standing.ts';
import { PRESENT } from '../../tenant/reads.ts';
import { json, NO_CONTENT } from '../answers.ts';
import { noQuery, roomParam } from '../query.ts';
import { signedInRoute, type SignedInCall } from '../route.ts';
import { DEFAULT_PAGE, presentIn } from './online.ts';

interface PageQuery {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

type Call<Body, Query = unknown> = SignedInCall<Body, Query, { readonly room: string }>;

const common = { login: 'required', limit: 'queries', params: roomParam } as const;

const posted = { ...common, method: 'POST', query: noQuery } as const;

const memberOf = (
  { key: { userId }, record }: Reading,
  room: string,
  { policy }: Call<null>,
): RoomMember => {
  const presence = project(userId, record, 'public', policy.lastSeenPrecision);
  const metas = record === null ? [] : metasIn(record, room);
  return metas.length === 0
    ? presence
    : { ...presence, meta: metas.map((meta) => JSON.parse(meta) as Json) };
};

const showRoom = signedInRoute({
  ...common,
  method: 'GET',
  path: '/rooms/:room',
  standing: 'read',
  body: null,
  query: roomQuerySchema,
  run: async (call: Call<null, PageQuery>) => {
    const { node, principal, cursors, query, params } = call;
    const { room } = params;
    const { tenant } = call.key;
    await checkRoom(node.options, principal, 'room:read', room);
    const list = { tenant, list: `room ${room}` };
    const [page, { count }, typing] = await Promise.all([
      node.engine.find({
        tenant,
        scope: roomScope(room),
        status: PRESENT,
        after: query.cursor === undefined ? '' : cursors.open(list, query.cursor),
        limit: query.limit ?? DEFAULT_PAGE,
      }),
      presentIn(node.engine, { tenant, scope: roomScope(room) }),
      node.typing.in(tenant, room),
    ]);
    const answer: RoomAnswer = {
      room,
      members: page.items.map((reading) => memberOf(reading, room, call as Call<null>)),
      count,
      // By the store's clock, as everything else that is told.
      typing: typing.map(({ userId, leftMs }) => ({ userId, until: page.at + Math.round(leftMs) })),
      asOf: page.at,
      ...(page.end !== null && { nextCursor: cursors.issue(list, page.end) }),
    };
    return json(answer);
  },
});

const join = signedInRoute({
  ...posted,
  path: '/rooms/:room/join',
  // Before it is said whether there is such a room.
  standing: 'read',
  body: { schema: joinSchema, maxBytes: LIMITS.bodyBytes, acceptsText: false },
  run: async ({ node, key, principal, body, params: { room } }: Call<JoinRequest>) => {
    await checkRoom(node.options, principal, 'room:join', room);
    const { sessionId, meta } = body;
    await node.engine.execute(key, {
      type: 'join-room',
      sessionId,
      room,
      meta: meta === undefined ? null : JSON.stringify(meta),
      issuedAt: principal.issuedAt,
    });
    return NO_CONTENT;
  },
});

/** Whoever may not see a room any more still gets out of it. */
const leave = signedInRoute({
  ...posted,
  path: '/rooms/:room/leave',
  standing: 'command',
  body: { schema: roomLeaveSchema, maxBytes: LIMITS.bodyBytes, acceptsText: false },
  run: async ({ node, key, principal, body, params: { room } }: Call<RoomLeaveRequest>) => {
    const { sessionId } = body;
    const { issuedAt } = principal;
    await node.engine.execute(key, { type: 'leave-room', sessionId, room, issuedAt });
    return NO_CONTENT;
  },
});

const type = signedInRoute({
  ...posted,
  path: '/rooms/:room/typing',
  standing: 'read',
  body: { schema: typingSchema, maxBytes: LIMITS.bodyBytes, acceptsText: false },
  run: async ({ node, key, principal, body, params: { room }, own }: Call<TypingRequest>) => {
    await checkRoom(node.options, principal, 'room:join', room);
    const { record } = await own();
    checkStanding(principal, record);
    await node.typing.say({ key, sessionId: body.sessionId, record }, room, body.state);
    return NO_CONTENT;
  },
});

/** Who is in a room, and going in and out. */
export const rooms = [showRoom, join, leave, type];
