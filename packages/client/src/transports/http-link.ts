import type { Presence } from '@presence/core';
import type { HeartbeatResponse, Me, OnlineAnswer, UsersAnswer } from '@presence/core/protocol';
import type { packed } from '../watches.ts';
import type { Call, Command } from '../calls.ts';
import { EVERYBODY } from '../numbers.ts';
import type { Timers } from '../timers.ts';
import type { Failure } from './failures.ts';
import type { LinkContext, OpenLink, PresenceLink } from './presence-link.ts';
import type { Answer } from './request.ts';
import { createHttpRooms, isRoom } from './http-rooms.ts';
import { createUpgrade } from './upgrade.ts';

/** The server takes ten beats a minute of a session. */
const BEAT_GAP_MS = 6000;
const LEAST_BEAT_MS = 1000;
const QUERY_GAP_MS = 250;
const QUERY_USERS = 500;
/** A query may have 64 KiB. */
const QUERY_BYTES = 64_000;

const isUser = (id: string): boolean => id !== EVERYBODY && !isRoom(id);

/** Asks for what is watched: everything with each beat, and at once for whom nothing is known of yet. */
const createQueries = (
  context: LinkContext,
  pack: typeof packed,
  ask: <T>(answer: Promise<Answer<T>>) => Promise<T | null>,
  rooms: ReturnType<typeof createHttpRooms>,
) => {
  let answered: ReadonlySet<string> = new Set();
  let listed = false;

  const users = async (ids: readonly string[]): Promise<void> => {
    for (let at = 0; at < ids.length; at += QUERY_USERS) {
      for (const userIds of pack(ids.slice(at, at + QUERY_USERS), QUERY_BYTES)) {
        const answer = await ask(context.request<UsersAnswer>('POST', '/users/query', { userIds }));
        if (!answer) return;
        answered = new Set([...answered, ...userIds]);
        context.learn({ rows: answer.presences, asOf: answer.asOf });
      }
    }
  };
  const online = async (): Promise<void> => {
    const rows: Presence[] = [];
    let asOf = Infinity;
    let cursor: string | undefined = '';
    while (cursor !== undefined) {
      const page: OnlineAnswer | null = await ask(
        context.request<OnlineAnswer>(
          'GET',
          `/online?limit=500${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
        ),
      );
      if (!page) return;
      rows.push(...page.presences);
      asOf = Math.min(asOf, page.asOf);
      cursor = page.nextCursor;
    }
    listed = true;
    context.learn({ online: rows, complete: true, asOf });
  };
  return {
    async all(): Promise<void> {
      const demand = context.demand();
      answered = new Set();
      listed = false;
      await users(demand.filter(isUser));
      if (demand.includes(EVERYBODY)) await online();
      rooms(true);
    },
    async fresh(): Promise<void> {
      const demand = context.demand();
      answered = new Set(demand.filter((id) => answered.has(id)));
      listed &&= demand.includes(EVERYBODY);
      await users(demand.filter((id) => isUser(id) && !answered.has(id)));
      if (demand.includes(EVERYBODY) && !listed) await online();
      rooms(false);
    },
  };
};

const submitTo = (
  { request }: LinkContext,
  command: Command,
  sessionId: string | undefined,
): Promise<Answer<unknown>> => {
  if (command.type === 'typing') {
    const { room, state } = command;
    return request('POST', `/rooms/${encodeURIComponent(room)}/typing`, { sessionId, state });
  }
  if (command.type === 'visibility') {
    return request('PUT', '/me/visibility', { visibility: command.visibility });
  }
  const { type: _, status, ...options } = command;
  return status === null
    ? request('DELETE', '/me/status')
    : request('PUT', '/me/status', { status, ...options });
};

/** Requests of one link, which ends with the first that fails. */
const createAsker = ({ clock, timers, lost }: LinkContext, finished: () => void) => {
  let heardAt = clock.now();
  let ended = false;
  const finish = (): void => {
    ended = true;
    timers.stop();
    finished();
  };
  const end = (failure: Failure): void => {
    if (ended) return;
    finish();
    lost(failure, heardAt, false);
  };
  return {
    timers,
    finish,
    end,
    heardAt: () => heardAt,
    isOver: () => ended,
    /** `null`: it failed and the link has ended, or the link ended meanwhile. */
    async ask<T>(answer: Promise<Answer<T>>): Promise<T | null> {
      const { body, failure } = await answer;
      if (!body) end(failure ?? { code: 'network', message: 'No content.' });
      if (ended || !body) return null;
      heardAt = clock.now();
      return body;
    },
  };
};

type Asker = ReturnType<typeof createAsker>;

const createBeats = (
  context: LinkContext,
  { timers, ask }: Asker,
  answered: (answer: HeartbeatResponse, first: boolean) => void,
) => {
  const { clock, activitySource, options } = context;
  let { sessionId } = context;
  let seq = 0;
  let generation: number | undefined;
  let beatAt = -Infinity;
  let cancel = (): void => {};

  const after = (delayMs: number): void => {
    cancel();
    cancel = timers.after(delayMs, () => void beat());
  };
  const beat = async (): Promise<void> => {
    beatAt = clock.now();
    const idleMs = context.idleForMs();
    const first = seq === 0;
    const body = {
      sessionId,
      seq: seq++,
      generation,
      activity: idleMs === undefined ? 'active' : 'idle',
      idleMs,
      hidden: activitySource.isHidden(),
      device: options.device,
    };
    const answer = await ask(context.request<HeartbeatResponse>('POST', '/heartbeat', body));
    if (!answer) return;
    ({ sessionId, generation = generation } = answer);
    after(Math.max(LEAST_BEAT_MS, answer.nextBeatMs));
    answered(answer, first);
  };
  void beat();
  return {
    soon: () => after(Math.max(0, beatAt + BEAT_GAP_MS - clock.now())),
    sessionId: () => sessionId,
  };
};

/** Given, not imported: what this file shares with the rest would be a file of its own, loaded by all. */
export interface Given {
  readonly packed: typeof packed;
  readonly openSocketLink: OpenLink;
  readonly createTimers: (clock: LinkContext['clock']) => Timers;
}

/**
 * Heartbeats and queries, for where nothing else gets through. Loaded when it is needed.
 *
 * @param ways what is tried now and then to take their place
 */
export const openHttpLink = (
  context: LinkContext,
  given: Given,
  ways: readonly OpenLink[],
): PresenceLink => {
  const asker = createAsker(context, () => stop());
  const { ask, timers, finish, isOver } = asker;
  const { later, upgrade, stop } = createUpgrade(context, given.createTimers, ways, finish);
  const rooms = createHttpRooms(context, { ...asker, sessionId: () => sessionId() });
  const queries = createQueries(context, given.packed, ask, rooms);
  const wasIdle = context.idleForMs() !== undefined;
  let own = '';
  let nextQuery: (() => void) | null = null;

  const refreshMe = async (): Promise<void> => {
    const me = await ask(context.request<Me>('GET', '/me'));
    if (me) context.learn({ me });
  };
  const { soon, sessionId } = createBeats(context, asker, (answer, first) => {
    if (first) {
      context.opened(answer, 'http');
      later(answer.sessionId);
      if ((context.idleForMs() !== undefined) !== wasIdle) soon();
    }
    const seen = `${answer.status} ${answer.version}`;
    if (seen !== own && !isOver()) void refreshMe();
    own = seen;
    if (!isOver()) void queries.all();
  });
  const submit = async ({ command, done }: Call): Promise<void> => {
    const { failure } = await submitTo(context, command, sessionId());
    if (isOver()) return;
    if (!failure) {
      done();
      await refreshMe();
    } else if (failure.code === 'network') asker.end(failure);
    else done({ code: failure.code, message: failure.message });
  };

  return {
    upgrade,
    report: soon,
    nudge: soon,
    demand() {
      nextQuery ??= timers.after(QUERY_GAP_MS, () => {
        nextQuery = null;
        void queries.fresh();
      });
    },
    submit: (call) => void submit(call),
    heardAt: asker.heardAt,
    close: finish,
  };
};
