import {
  compactRow,
  fullRow,
  type Cancel,
  type Clock,
  type Presence,
  type Status,
} from '@presence/core';
import type { ClientPolicy, Me, ServerFrame } from '@presence/core/protocol';
import { createServerRooms, type ServerRooms, type Staying } from './server-rooms.ts';

/** One session as the scripted server holds it. */
export interface ScriptedSession extends Staying {
  readonly id: string;
  readonly leaveToken: string;
  idle: boolean;
  connection: ScriptedConnection | null;
  ending: Cancel | null;
}

/** One open socket. */
export interface ScriptedConnection {
  readonly userId: string;
  session: ScriptedSession | null;
  readonly watched: Map<string, Set<string>>;
  tenant: string | null;
  /** The rooms that it watches, by the ids of the watches. */
  readonly rooms: Map<string, string>;
  send(frame: ServerFrame): void;
  close(code: number, reason?: string): void;
}

export const SCRIPTED_POLICY: ClientPolicy = {
  awayAfterMs: 300_000,
  offlineAfterIdleMs: 1_800_000,
  heartbeatMs: 30_000,
  hiddenHeartbeatMs: 60_000,
  pingMs: 25_000,
  pongTimeoutMs: 20_000,
  staleAfterMs: 60_000,
};

/** As much of a clock as it needs. */
export type ScriptedClock = Pick<Clock, 'now' | 'after'>;

/** Rows, sessions and who is told: as little of a presence server as a client needs to meet. */
export interface ScriptedState {
  readonly clock: ScriptedClock;
  readonly sessions: Map<string, ScriptedSession>;
  readonly connections: Set<ScriptedConnection>;
  row(userId: string): Presence;
  online(): Presence[];
  set(userId: string, change: Partial<Omit<Presence, 'userId' | 'version'>>): void;
  /** Brings a user's row up to their sessions and claim. */
  derive(userId: string): void;
  claim(userId: string, claim: Claim | null): void;
  me(userId: string): Me;
  readonly rooms: ServerRooms;
  /** Somebody as the test says where they are, besides their sessions. */
  told(userId: string): Staying;
  stayingOf(userId: string): readonly Staying[];
  open(userId: string): ScriptedSession;
  end(session: ScriptedSession, graceMs: number): void;
}

interface Claim {
  readonly status: Exclude<Status, 'offline'>;
  readonly message?: string | undefined;
  readonly emoji?: string | undefined;
}

const unseen = (userId: string): Presence => ({
  userId,
  status: 'offline',
  since: null,
  lastSeenAt: null,
  version: 0,
});

export const createScriptedState = (clock: ScriptedClock): ScriptedState => {
  const rows = new Map<string, Presence>();
  const claims = new Map<string, Claim>();
  const sessions = new Map<string, ScriptedSession>();
  const connections = new Set<ScriptedConnection>();
  const told = new Map<string, Staying>();
  let ids = 0;

  const row = (userId: string): Presence => rows.get(userId) ?? unseen(userId);
  const tell = (presence: Presence): void => {
    for (const connection of connections) {
      if (!connection.session) continue;
      const asOf = clock.now();
      const watched = [...connection.watched.values()].some((users) => users.has(presence.userId));
      const presences = [
        ...(watched ? [fullRow(presence)] : []),
        ...(connection.tenant === null || watched ? [] : [compactRow(presence)]),
      ];
      if (presences.length > 0) connection.send({ type: 'changes', presences, asOf });
      if (connection.userId === presence.userId) {
        connection.send({ type: 'me', ...state.me(presence.userId) });
      }
    }
    rooms.refresh(presence.userId);
  };
  const stayingOf = (userId: string): Staying[] => [
    ...[...sessions.values()].filter((session) => session.userId === userId),
    ...(told.has(userId) ? [told.get(userId)!] : []),
  ];
  const rooms = createServerRooms({
    clock,
    connections,
    row,
    userIds: () => [...told.keys(), ...[...sessions.values()].map(({ userId }) => userId)],
    stayingOf,
  });
  const state: ScriptedState = {
    clock,
    rooms,
    stayingOf,
    told(userId) {
      const who = told.get(userId) ?? { userId };
      told.set(userId, who);
      return who;
    },
    sessions,
    connections,
    row,
    online: () => [...rows.values()].filter(({ status }) => status !== 'offline'),
    set(userId, change) {
      const before = row(userId);
      const version = Math.max(before.version + 1, clock.now());
      const status = change.status ?? before.status;
      const since = status === before.status ? before.since : clock.now();
      const lastSeenAt = status === 'offline' ? clock.now() : null;
      const after = { ...before, since, lastSeenAt, ...change, version };
      rows.set(userId, after);
      tell(after);
    },
    derive(userId) {
      const own = [...sessions.values()].filter((session) => session.userId === userId);
      const active = own.some(({ idle }) => !idle);
      const claim = claims.get(userId);
      const status = own.length === 0 ? 'offline' : (claim?.status ?? (active ? 'online' : 'away'));
      const message = status === 'offline' ? undefined : claim?.message;
      const before = row(userId);
      if (status === before.status && message === before.message) return;
      const { message: _, ...rest } = before;
      rows.set(userId, rest);
      state.set(userId, { status, ...(message !== undefined && { message }) });
    },
    claim(userId, claim) {
      if (claim) claims.set(userId, claim);
      else claims.delete(userId);
      state.derive(userId);
    },
    me(userId) {
      const claim = claims.get(userId);
      return {
        presence: row(userId),
        claims: claim
          ? [
              {
                source: 'user',
                status: claim.status,
                ...(claim.message !== undefined && { message: claim.message }),
              },
            ]
          : [],
        visibility: 'visible',
        account: 'active',
      };
    },
    open(userId) {
      ids += 1;
      const session: ScriptedSession = {
        id: `session-${ids}`,
        userId,
        leaveToken: `leave-${ids}`,
        idle: false,
        connection: null,
        ending: null,
      };
      sessions.set(session.id, session);
      return session;
    },
    end(session, graceMs) {
      session.ending?.();
      const end = (): void => {
        sessions.delete(session.id);
        state.derive(session.userId);
        rooms.refresh(session.userId);
      };
      session.ending = graceMs > 0 ? clock.after(graceMs, end) : null;
      if (graceMs === 0) end();
    },
  };
  return state;
};
