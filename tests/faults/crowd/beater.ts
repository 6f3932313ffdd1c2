import type { HeartbeatResponse } from '@presence/core/protocol';
import type { UserEvent } from '../history/history.ts';
import { ask, type Answer } from './ask.ts';
import { nameOf } from './names.ts';
import type { Person, PersonParts } from './person.ts';

/** What stands for the node of a session that no node holds. */
const BY_HTTP = 'http';

const AGAIN_MS = 1000;

interface Session {
  readonly sessionId: string;
  readonly generation: number | undefined;
  seq: number;
}

/** A user without a socket: beats as the server says, on another node each time. */
export interface Beater extends Person {
  /** When the last beat that was taken was sent. */
  readonly beatenAt: number;
}

export const createBeater = ({ user, history, target }: PersonParts): Beater => {
  const note = (event: UserEvent): void => void history.events[user]!.push(event);
  let session: Session | null = null;
  let beats = user;
  let beatenAt = 0;
  let isJoined = false;
  let isOver = false;
  let lastClose = '';
  let timer: NodeJS.Timeout | undefined;

  const end = (): void => {
    if (session) note({ kind: 'ended', at: beatenAt, node: BY_HTTP, how: 'beats-ended' });
    session = null;
    isJoined = false;
  };

  /** @returns when to beat next */
  const taken = ({ body }: Answer, askedAt: number): number => {
    const { sessionId, generation, nextBeatMs } = body as HeartbeatResponse;
    if (!session) {
      session = { sessionId, generation, seq: 0 };
      note({ kind: 'welcomed', at: Date.now(), node: BY_HTTP });
    }
    beatenAt = askedAt;
    isJoined = true;
    return nextBeatMs;
  };

  const beat = async (): Promise<number> => {
    const at = Date.now();
    const to = target((beats += 1));
    if (!to) return AGAIN_MS;
    if (session) session.seq += 1;
    else note({ kind: 'opening', at, node: BY_HTTP });
    const answer = await ask(to.port, nameOf(user), 'POST', '/heartbeat', session ?? {});
    if (isOver) return 0;
    if (answer.status === 200) return taken(answer, at);
    lastClose = `a beat's ${answer.status}`;
    isJoined = false;
    if (answer.status !== 409) return AGAIN_MS;
    end();
    return 0;
  };

  const go = (ms: number): void => {
    if (isOver) return;
    timer = setTimeout(() => {
      beat().then(go, (error: unknown) => {
        lastClose = String(error);
        isJoined = false;
        go(AGAIN_MS);
      });
    }, ms);
  };

  const stop = (): void => {
    isOver = true;
    clearTimeout(timer);
  };

  return {
    user,
    node: BY_HTTP,
    get isJoined() {
      return isJoined;
    },
    get lastClose() {
      return lastClose;
    },
    get sessionId() {
      return session?.sessionId;
    },
    get beatenAt() {
      return beatenAt;
    },
    start: () => go(0),
    leave: () => {
      stop();
      end();
    },
    giveUp: stop,
    expelled: () => Promise.reject(new Error('[presence/tests] A beater has no socket.')),
    stop,
  };
};
