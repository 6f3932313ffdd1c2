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

export const createRawHttp = (
  world: World,
  clock: Clock,
  person: Person,
  line: Line,
  device: string,
): RawHttp => {
  const sent: WireRequest[] = [];
  let sessionId: string | null = null;
  let leaveToken: string | undefined;
  let seq = 0;
  let idleFrom: number | null = null;
  let hidden = false;
  let life = 0;
  let cancel = (): void => undefined;

  const remember = (request: WireRequest): void => {
    sent.push(request);
    if (sent.length > KEPT) sent.shift();
  };

  const send = async (given: Omit<WireRequest, 'login'>): Promise<HttpAnswer | null> => {
    const request = { ...given, login: loginOf(person) };
    remember(request);
    return world.request(line, request).catch(() => null);
  };

  const judge = (answer: HttpAnswer | null): number => {
    if (answer === null || answer.status >= 429) return RETRY_MS;
    if (answer.status === 409) {
      sessionId = null;
      seq = 0;
      return 1;
    }
    if (answer.status >= 400 || answer.body === null) return -1;
    const beat = JSON.parse(answer.body) as HeartbeatResponse;
    ({ sessionId } = beat);
    leaveToken = beat.leaveToken ?? leaveToken;
    return beat.nextBeatMs;
  };

  const beat = async (own: number): Promise<void> => {
    const body = {
      ...(sessionId !== null && { sessionId }),
      seq,
      ...(idleFrom === null
        ? { activity: 'active' as const }
        : { activity: 'idle' as const, idleMs: clock.now() - idleFrom }),
      hidden,
      device,
    };
    seq += 1;
    const answer = await send({ method: 'POST', path: '/heartbeat', body });
    if (own !== life) return;
    const waitMs = judge(answer);
    cancel();
    if (waitMs > 0) cancel = clock.after(waitMs, () => void beat(own));
  };

  const stop = (): void => {
    life += 1;
    cancel();
  };

  return {
    kind: 'http',
    name: `http:${device}`,
    person,
    line,
    get sessionId() {
      return sessionId;
    },
    start: () => {
      stop();
      seq = 0;
      void beat(life);
    },
    vanish: stop,
    leave: (reason) => {
      if (sessionId === null) return;
      stop();
      const isBeacon = leaveToken !== undefined;
      const body = { sessionId, reason, ...(leaveToken !== undefined && { leaveToken }) };
      const request = { method: 'POST', path: '/leave', body, isBeacon } as const;
      remember({ ...request, login: null });
      void world
        .request(line, { ...request, login: isBeacon ? null : loginOf(person) })
        .catch(() => null);
    },
    setActive: (active) => {
      if (active === (idleFrom === null)) return;
      idleFrom = active ? null : clock.now();
      if (sessionId !== null) void beat(life);
    },
    setHidden: (is) => {
      hidden = is;
    },
    send,
    sent,
  };
};
