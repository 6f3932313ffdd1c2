import type { Socket } from 'socket.io';
import type { SharedFrame } from '../../index.ts';
import { frameEvent } from './frame-events.ts';
import type { Voice } from './socket-link.ts';

/** What an application's own code gets for what it asked: `ok`, or what is wrong. */
export type Answer =
  | { readonly ok: true; readonly [more: string]: unknown }
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string } };

/** Socket.IO's acknowledgement of one event. */
export type Acknowledge = (answer: Answer) => void;

export const refusal = (code: string, message: string): Answer => ({
  ok: false,
  error: { code, message },
});

/** The frames of a link as events with names, each answered where it was asked. */
export interface EventVoice extends Voice {
  /** The number by which the answer to a question finds it. */
  asked(acknowledge: Acknowledge): number;
  /** Called once, when the session has begun or could not. */
  opening(acknowledge: Acknowledge): void;
  /** The session could not begin. */
  refused(answer: Answer): void;
  /** The other end has ended the link: what it still waits for does not come. */
  left(): void;
}

const NOTHING: Acknowledge = () => undefined;

export const createEventVoice = (socket: Socket): EventVoice => {
  const waiting = new Map<number, Acknowledge>();
  let lastRef = 0;
  let begun = NOTHING;

  const settle = (ref: number | undefined, answer: Answer): boolean => {
    const acknowledge = ref === undefined ? undefined : waiting.get(ref);
    if (ref === undefined || !acknowledge) return false;
    waiting.delete(ref);
    acknowledge(answer);
    return true;
  };

  const settleOpening = (answer: Answer): void => {
    const acknowledge = begun;
    begun = NOTHING;
    acknowledge(answer);
  };

  const say = (frame: SharedFrame): void => {
    const { type, ref, content } = frameEvent(frame);
    if (type === 'ack') return void settle(ref, { ok: true });
    if (type === 'error' && settle(ref, { ok: false, error: content as never })) return;
    if (type === 'welcome') settleOpening({ ok: true, ...content });
    socket.emit(`presence:${type}`, content);
  };

  const settleAll = (code: string): void => {
    const answer = refusal(code, 'The link to presence has ended. Say presence:hello again.');
    settleOpening(answer);
    for (const ref of waiting.keys()) settle(ref, answer);
  };

  return {
    say,
    refused: settleOpening,
    left: () => settleAll('session_gone'),
    asked: (acknowledge) => {
      lastRef += 1;
      waiting.set(lastRef, acknowledge);
      return lastRef;
    },
    opening: (acknowledge) => {
      begun = acknowledge;
    },
    ended: settleAll,
  };
};
