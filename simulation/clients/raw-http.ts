import type { Clock } from '@presence/core';
import type { HeartbeatResponse } from '@presence/core/protocol';
import type { HttpAnswer } from '@presence/server';
import type { WireRequest } from '../world/border.ts';
import type { Line } from '../world/network.ts';
import type { World } from '../world/world.ts';
import { loginOf, type Person } from './person.ts';

/** A client of heartbeats, written down from the protocol and nothing else. */
export interface RawHttp {
  readonly kind: 'http';
  readonly name: string;
  readonly person: Person;
  readonly line: Line;
  readonly sessionId: string | null;
  start(): void;
  /** Stops without a word, as a machine that lost its power. */
  vanish(): void;
  leave(reason: 'closed' | 'signed-out'): void;
  setActive(active: boolean): void;
  setHidden(hidden: boolean): void;
  send(request: Omit<WireRequest, 'login'>): Promise<HttpAnswer | null>;
  /** Everything that was ever sent: what a network may bring once more. */
  readonly sent: readonly WireRequest[];
}

const KEPT = 20;
const RETRY_MS = 4000;

interface State {
  sessionId: string | null;
  leaveToken: string | undefined;
  seq: number;
  idleFrom: number | null;
  hidden: boolean;
  /** Counts starts and stops: what belongs to an earlier one is dropped. */
  life: number;
  cancel(): void;
}

const freshState = (): State => ({
  sessionId: null,
  leaveToken: undefined,
  seq: 0,
  idleFrom: null,
  hidden: false,
  life: 0,
  cancel: () => undefined,
});

const bodyOf = (state: State, at: number, device: string): object => {
  const { sessionId, seq, idleFrom, hidden } = state;
  return {
    ...(sessionId !== null && { sessionId }),
    seq,
    ...(idleFrom === null ? { activity: 'active' } : { activity: 'idle', idleMs: at - idleFrom }),
    hidden,
    device,
  };
};

/** Takes note of an answer; in how many ms to beat again, or -1 where that is for a person to decide. */
const judge = (state: State, answer: HttpAnswer | null): number => {
  if (answer === null || answer.status >= 429) return RETRY_MS;
  if (answer.status === 409) {
    state.sessionId = null;
    state.seq = 0;
    return 1;
  }
  if (answer.status >= 400 || answer.body === null) return -1;
  const beat = JSON.parse(answer.body) as HeartbeatResponse;
  state.sessionId = beat.sessionId;
  state.leaveToken = beat.leaveToken ?? state.leaveToken;
  return beat.nextBeatMs;
};

/** Sends for a person, and keeps what it sent. */
const createSender = (world: World, person: Person, line: Line) => {
  const sent: WireRequest[] = [];
  const sendAs = (request: WireRequest): Promise<HttpAnswer | null> => {
    sent.push(request);
    if (sent.length > KEPT) sent.shift();
    return world.request(line, request).catch(() => null);
  };
  const send: RawHttp['send'] = (request) => sendAs({ ...request, login: loginOf(person) });
  return { sent, send, sendAs };
};

export const createRawHttp = (
  world: World,
  clock: Clock,
  person: Person,
  line: Line,
  device: string,
): RawHttp => {
  const { sent, send, sendAs } = createSender(world, person, line);
  const state = freshState();

  const beat = async (own: number): Promise<void> => {
    const body = bodyOf(state, clock.now(), device);
    state.seq += 1;
    const answer = await send({ method: 'POST', path: '/heartbeat', body });
    if (own !== state.life) return;
    const waitMs = judge(state, answer);
    state.cancel();
    if (waitMs > 0) state.cancel = clock.after(waitMs, () => void beat(own));
  };
  const stop = (): void => {
    state.life += 1;
    state.cancel();
  };
  const leave = (sessionId: string, reason: 'closed' | 'signed-out'): void => {
    stop();
    const { leaveToken } = state;
    const isBeacon = leaveToken !== undefined;
    const body = { sessionId, reason, ...(isBeacon && { leaveToken }) };
    const login = isBeacon ? null : loginOf(person);
    void sendAs({ method: 'POST', path: '/leave', body, isBeacon, login });
  };

  return {
    kind: 'http',
    name: `http:${device}`,
    person,
    line,
    get sessionId() {
      return state.sessionId;
    },
    start: () => {
      stop();
      state.seq = 0;
      void beat(state.life);
    },
    vanish: stop,
    leave: (reason) => (state.sessionId === null ? undefined : leave(state.sessionId, reason)),
    setActive: (active) => {
      if (active === (state.idleFrom === null)) return;
      state.idleFrom = active ? null : clock.now();
      if (state.sessionId !== null) void beat(state.life);
    },
    setHidden: (is) => {
      state.hidden = is;
    },
    send,
    sent,
  };
};
