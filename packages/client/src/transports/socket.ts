import type { ErrorCode } from '@presence/core';
import type { ClientFrame, ErrorFrame, ServerFrame, TicketAnswer } from '@presence/core/protocol';
import type { Link } from '../types.ts';
import { codeOf, network, type Failure } from './failures.ts';
import type { LinkContext } from './presence-link.ts';
import { webSocketTransport } from './websocket.ts';

const CONNECT_MS = 15_000;
/** What WebSocket itself says of a server that cannot serve now. */
const TRY_LATER = 1013;

/** The server says why in an error frame, then closes; where the frame was lost, the code says it. */
const failureOf = (code: number, reason: string, last: ErrorFrame | null): Failure => {
  const ours = code >= 4000;
  if (last && (ours || code === TRY_LATER)) return { code: last.code, message: last.message };
  if (!ours) return network(`The socket closed with ${code} ${reason}`);
  return { code: (reason as ErrorCode) || codeOf(code - 4000), message: reason };
};

type WithoutRef<Frame> = Frame extends unknown ? Omit<Frame, 'ref'> : never;

/** Frames both ways over one WebSocket that logs in by a ticket. */
export interface Socket {
  /** With `told`, the frame carries a reference; its answer is told once: nothing when it was taken. */
  send(frame: WithoutRef<ClientFrame>, told?: (error?: ErrorFrame) => void): void;
  /** The server took the login: the time for it is over. */
  welcomed(): void;
  /** Ends it, and tells `lost` unless it had ended before. */
  end(failure: Failure | null, movedMs?: number): void;
  /** Ends it and tells nobody. */
  finish(): boolean;
}

/** Hands answers to whoever waits for them, and all other frames to `take`. */
const createAnswers = (take: (frame: ServerFrame) => void) => {
  const waiting = new Map<number, (error?: ErrorFrame) => void>();
  let nextRef = 1;
  let lastError: ErrorFrame | null = null;
  return {
    lastError: () => lastError,
    expect(told: (error?: ErrorFrame) => void): number {
      waiting.set(nextRef, told);
      return nextRef++;
    },
    read(text: string): void {
      let frame: ServerFrame;
      try {
        frame = JSON.parse(text);
      } catch {
        return;
      }
      const { type, ref } = frame as ErrorFrame;
      const error = (type as string) === 'error' ? (frame as ErrorFrame) : undefined;
      if (ref === undefined) {
        // An error that answers nothing is about the link: its close follows.
        lastError = error ?? null;
        return take(frame);
      }
      lastError = null;
      const told = waiting.get(ref);
      waiting.delete(ref);
      told?.(error);
    },
  };
};

export const openSocket = (
  context: LinkContext,
  take: (frame: ServerFrame) => void,
  lost: (failure: Failure | null, reached: boolean, movedMs?: number) => void,
): Socket => {
  const { options, sessionId, base, request, timers } = context;
  const { device, testing } = options;
  const answers = createAnswers(take);
  const abort = new AbortController();
  let link: Link | undefined;
  let ended = false;
  let reached = false;

  const finish = (): boolean => {
    if (ended) return false;
    ended = true;
    timers.stop();
    abort.abort();
    link?.close(1000);
    return true;
  };
  const end: Socket['end'] = (failure, movedMs) => {
    if (finish()) lost(failure, reached, movedMs);
  };
  const send: Socket['send'] = (frame, told) => {
    if (!ended) link?.send(JSON.stringify(told ? { ...frame, ref: answers.expect(told) } : frame));
  };
  const connect = async (): Promise<void> => {
    const answer = await request<TicketAnswer>('POST', '/ticket', undefined, abort);
    if (ended) return;
    if (!answer.ok) return end(answer.failure);
    const { ticket } = answer.body;
    reached = true;
    try {
      link = (testing?.transport ?? webSocketTransport).connect(
        `${base.replace(/^http/, 'ws')}/socket`,
        {
          // What is undefined is not written.
          open: () =>
            send({
              type: 'hello',
              protocol: 1,
              ticket,
              sessionId,
              device,
              idleMs: context.idleMs() ?? undefined,
            }),
          message: (text) => ended || answers.read(text),
          closed: (code, reason) => end(failureOf(code, reason, answers.lastError())),
        },
      );
    } catch (error) {
      end(network(String(error)));
    }
  };
  timers.after(CONNECT_MS, () => end(network('The socket did not open in time.')), 'connect');
  void connect();
  return { send, end, finish, welcomed: () => timers.cancel('connect') };
};
