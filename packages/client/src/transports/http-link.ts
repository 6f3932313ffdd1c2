import type { CompactRow, Presence } from '@presence/core';
import type { HeartbeatResponse, Me, OnlineAnswer, UsersAnswer } from '@presence/core/protocol';
import { createTimers } from '../timers.ts';
import { packed } from '../watches.ts';
import type {
  Command,
  Done,
  LinkContext,
  PresenceLink,
  PresenceLinkEvents,
} from './presence-link.ts';
import type { Answer, Failure } from './request.ts';

/** The server takes ten beats a minute of a session. */
const BEAT_GAP_MS = 6000;
const QUERY_GAP_MS = 1000;
const QUERY_USERS = 500;
/** A query may have 64 KiB. */
const QUERY_BYTES = 64_000;

/** Asks for what is watched: everything with each beat, and at once for whom nothing is known of yet. */
const createQueries = (
  context: LinkContext,
  ask: <T>(answer: Promise<Answer<T>>) => Promise<T | null>,
  events: PresenceLinkEvents,
) => {
  let answered: ReadonlySet<string> = new Set();
  let listed = false;

  const users = async (ids: readonly string[]): Promise<void> => {
    for (const userIds of packed(ids, QUERY_BYTES, QUERY_USERS)) {
      const answer = await ask(context.request<UsersAnswer>('POST', '/users/query', { userIds }));
      if (!answer) return;
      answered = new Set([...answered, ...userIds]);
      events.facts({ rows: answer.presences, asOf: answer.asOf });
    }
  };
  const online = async (): Promise<void> => {
    const rows: CompactRow[] = [];
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
      rows.push(
        ...page.presences.map(({ userId, status, version }: Presence): CompactRow => [
          userId,
          status,
          version,
        ]),
      );
      asOf = Math.min(asOf, page.asOf);
      cursor = page.nextCursor;
    }
    listed = true;
    events.facts({ online: rows, asOf });
  };
  return {
    async all(): Promise<void> {
      const demand = context.demand();
      answered = new Set();
      listed = false;
      await users(demand.users);
      if (demand.online) await online();
    },
    async fresh(): Promise<void> {
      const demand = context.demand();
      answered = new Set(demand.users.filter((id) => answered.has(id)));
      listed &&= demand.online;
      await users(demand.users.filter((id) => !answered.has(id)));
      if (demand.online && !listed) await online();
    },
  };
};

const submitTo = ({ request }: LinkContext, command: Command): Promise<Answer<unknown>> => {
  if (command.type === 'visibility') {
    return request('PUT', '/me/visibility', { visibility: command.visibility });
  }
  const { type: _, status, ...options } = command;
  return status === null
    ? request('DELETE', '/me/status')
    : request('PUT', '/me/status', { status, ...options });
};

/** Heartbeats and queries, for where no socket gets through. */
export const openHttpLink = (context: LinkContext, events: PresenceLinkEvents): PresenceLink => {
  const { clock, request } = context;
  const timers = createTimers(clock);
  let { sessionId } = context;
  let seq = 0;
  let ended = false;
  let heardAt = clock.now();
  let beatAt = -Infinity;
  let nextBeat = (): void => {};
  let nextQuery: (() => void) | null = null;
  let own = '';

  const end = (failure: Failure): void => {
    if (ended) return;
    ended = true;
    timers.stop();
    events.lost(failure, { goodUntil: heardAt, reached: false });
  };
  /** `null`: it failed and the link has ended, or the link ended meanwhile. */
  const ask = async <T>(answer: Promise<Answer<T>>): Promise<T | null> => {
    const got = await answer;
    if (ended) return null;
    if (!got.ok) {
      end(got.failure);
      return null;
    }
    heardAt = clock.now();
    return got.body;
  };
  const queries = createQueries(context, ask, events);
  const refreshMe = async (): Promise<void> => {
    const me = await ask(request<Me>('GET', '/me'));
    if (me) events.facts({ me });
  };
  const beat = async (): Promise<void> => {
    nextBeat();
    beatAt = clock.now();
    const idleMs = context.idleMs();
    const answer = await ask(
      request<HeartbeatResponse>('POST', '/heartbeat', {
        ...(sessionId && { sessionId }),
        seq: seq++,
        activity: idleMs === null ? 'active' : 'idle',
        ...(idleMs !== null && { idleMs: Math.round(idleMs) }),
        hidden: context.isHidden(),
        ...(context.device && { device: context.device }),
      }),
    );
    if (!answer) return;
    const first = sessionId !== answer.sessionId || seq === 1;
    sessionId = answer.sessionId;
    if (first) events.opened(answer);
    if (ended) return;
    nextBeat();
    nextBeat = timers.after(Math.max(1000, answer.nextBeatMs), () => void beat());
    const seen = `${answer.status} ${answer.version}`;
    if (seen !== own) await refreshMe();
    own = seen;
    if (!ended) await queries.all();
  };
  const beatSoon = (): void => {
    nextBeat();
    nextBeat = timers.after(Math.max(0, beatAt + BEAT_GAP_MS - clock.now()), () => void beat());
  };
  const submit = async (command: Command, done: Done): Promise<void> => {
    const answer = await submitTo(context, command);
    if (ended) return;
    if (!answer.ok && answer.failure.code === 'network') return end(answer.failure);
    done(answer.ok ? undefined : (answer.failure as Parameters<Done>[0]));
    if (answer.ok) await refreshMe();
  };
  void beat();

  return {
    activity: beatSoon,
    probe: beatSoon,
    demand() {
      nextQuery ??= timers.after(QUERY_GAP_MS / 4, () => {
        nextQuery = null;
        void queries.fresh();
      });
    },
    submit: (command, done) => void submit(command, done),
    heardAt: () => heardAt,
    close() {
      ended = true;
      timers.stop();
    },
  };
};
