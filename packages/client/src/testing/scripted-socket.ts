import { compactRow, ERRORS, fullRow, type ErrorCode } from '@presence/core';
import type { ClientFrame, ClientPolicy, ServerFrame, WatchFrame } from '@presence/core/protocol';
import type { Link, LinkEvents } from '../types.ts';
import type { ScriptedConnection, ScriptedSession, ScriptedState } from './scripted-state.ts';

const LOST_MS = 15_000;
const CLOSED_MS = 5000;

export interface FrameRefusal {
  readonly code: ErrorCode;
  readonly retryable: boolean;
}

export interface SocketScript {
  readonly state: ScriptedState;
  readonly policy: ClientPolicy;
  /** Who the ticket names; `null`: it is not good. Spends it. */
  ticketOf(ticket: string): string | null;
  received(userId: string, frame: ClientFrame, bytes: number): void;
  /** How frames of this type are to be refused, if they are. */
  refusedFrame(type: ClientFrame['type']): FrameRefusal | undefined;
  /** Frames are taken and never answered. */
  mute(): boolean;
  /** How long what the server says is under way. */
  latencyMs(): number;
}

const attach = (
  state: ScriptedState,
  session: ScriptedSession,
  connection: ScriptedConnection,
): void => {
  const before = session.connection;
  session.connection = connection;
  session.ending?.();
  session.ending = null;
  connection.session = session;
  if (before) {
    before.session = null;
    before.close(4409, 'session_replaced');
  }
  state.derive(session.userId);
};

const hello = (
  script: SocketScript,
  connection: ScriptedConnection,
  frame: Extract<ClientFrame, { type: 'hello' }>,
): void => {
  const { state } = script;
  const userId = script.ticketOf(frame.ticket);
  const refused = script.refusedFrame('hello');
  if (refused) {
    connection.send({ type: 'error', message: 'refused', ...refused });
    return connection.close(1013, refused.code);
  }
  if (userId === null) return connection.close(4401, 'ticket_invalid');
  const known = frame.sessionId === undefined ? undefined : state.sessions.get(frame.sessionId);
  if (frame.sessionId !== undefined && known?.userId !== userId) {
    return connection.close(4409, 'session_gone');
  }
  const session = known ?? state.open(userId);
  session.idle = frame.idleMs !== undefined;
  connection.send({
    type: 'welcome',
    sessionId: session.id,
    userId,
    policy: script.policy,
    leaveToken: session.leaveToken,
    asOf: state.clock.now(),
  });
  attach(state, session, connection);
  connection.send({ type: 'me', ...state.me(userId) });
};

const watch = (state: ScriptedState, connection: ScriptedConnection, frame: WatchFrame): void => {
  const asOf = state.clock.now();
  if (frame.room !== undefined) return state.rooms.watch(connection, frame.id, frame.room);
  if (frame.tenant) {
    connection.tenant = frame.id;
    const presences = state.online().map(compactRow);
    return connection.send({ type: 'snapshot', watch: frame.id, presences, asOf });
  }
  const users = connection.watched.get(frame.id) ?? new Set();
  connection.watched.set(frame.id, users);
  for (const userId of frame.remove ?? []) users.delete(userId);
  for (const userId of frame.add ?? []) users.add(userId);
  if (!frame.add) return;
  const presences = frame.add.map((userId) => fullRow(state.row(userId)));
  connection.send({ type: 'snapshot', watch: frame.id, presences, asOf });
};

/** Why a frame about rooms is refused, if it is; other frames are not looked at. */
const roomFrame = (
  { rooms }: ScriptedState,
  session: ScriptedSession,
  frame: ClientFrame,
): ErrorCode | undefined => {
  if (frame.type === 'join') return rooms.join(session, frame.room, frame.meta);
  if (frame.type === 'leave') rooms.leave(session, frame.room);
  if (frame.type === 'typing') return rooms.type(session, frame.room, frame.state);
  return undefined;
};

const refuse = (
  connection: ScriptedConnection,
  { ref }: { readonly ref?: number | undefined },
  refusal: FrameRefusal,
): void =>
  connection.send({
    type: 'error',
    message: 'refused',
    ...refusal,
    ...(ref !== undefined && { ref }),
  });

const take = (script: SocketScript, connection: ScriptedConnection, frame: ClientFrame): void => {
  const { state } = script;
  if (frame.type === 'hello') return hello(script, connection, frame);
  const { session } = connection;
  if (!session) return connection.close(4400, 'invalid_frame');
  const { userId } = session;
  const refused = script.refusedFrame(frame.type);
  if (refused) return refuse(connection, frame, refused);
  const code = roomFrame(state, session, frame);
  if (code) return refuse(connection, frame, { code, retryable: ERRORS[code].retryable });
  if (frame.type === 'watch') watch(state, connection, frame);
  if (frame.type === 'unwatch') {
    connection.watched.delete(frame.id);
    connection.rooms.delete(frame.id);
    if (connection.tenant === frame.id) connection.tenant = null;
  }
  if (frame.type === 'activity') {
    session.idle = frame.state === 'idle';
    state.derive(userId);
  }
  if (frame.type === 'status') {
    state.claim(userId, frame.status === null ? null : { ...frame, status: frame.status });
  }
  if (frame.type === 'bye') {
    session.connection = null;
    connection.session = null;
    state.end(session, frame.reason === 'closed' ? CLOSED_MS : 0);
  }
  if (frame.ref !== undefined) connection.send({ type: 'ack', ref: frame.ref });
};

/** Opens one scripted socket. Everything it says arrives a turn later, as on a wire. */
export const openScriptedSocket = (
  script: SocketScript,
  userId: string,
  events: LinkEvents,
): Link => {
  const { state } = script;
  let open = true;
  const drop = (code: number, reason: string): void => {
    if (!open) return;
    open = false;
    state.connections.delete(connection);
    const { session } = connection;
    if (session) {
      session.connection = null;
      state.end(session, LOST_MS);
    }
    queueMicrotask(() => events.closed(code, reason));
  };
  const connection: ScriptedConnection = {
    userId,
    session: null,
    watched: new Map(),
    tenant: null,
    rooms: new Map(),
    send(frame: ServerFrame) {
      if (!open || script.mute()) return;
      const latencyMs = script.latencyMs();
      const arrive = (): void => events.message(JSON.stringify(frame));
      if (latencyMs > 0) state.clock.after(latencyMs, arrive);
      else queueMicrotask(arrive);
    },
    close(code, reason = '') {
      if (Object.hasOwn(ERRORS, reason)) {
        const { retryable } = ERRORS[reason as ErrorCode];
        connection.send({ type: 'error', code: reason as ErrorCode, message: reason, retryable });
      }
      drop(code, reason);
    },
  };
  state.connections.add(connection);
  queueMicrotask(() => open && events.open());
  return {
    send(text) {
      if (!open) return;
      const frame = JSON.parse(text) as ClientFrame;
      script.received(userId, frame, new TextEncoder().encode(text).length);
      queueMicrotask(() => take(script, connection, frame));
    },
    close: (code) => queueMicrotask(() => drop(code ?? 1005, '')),
  };
};
