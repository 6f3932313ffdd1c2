import type { ErrorCode } from '@presence/core';
import type { ClientFrame, ErrorFrame, ServerFrame, TicketAnswer } from '@presence/core/protocol';
import type { Link } from '../types.ts';
import { codeOf, network, type Failure } from './failures.ts';
import type { LinkContext } from './presence-link.ts';
import { CONNECT_MS, TRY_LATER } from '../numbers.ts';

/** The server says why in an error frame, then closes; where the frame was lost, the code says it. */
const failureOf = (code: number, reason: string, last: ErrorFrame | undefined): Failure => {
  const ours = code >= 4000;
  if (last && (ours || code === TRY_LATER)) return last;
  if (!ours) return network(`The socket closed: ${code} ${reason}`);
  return { code: (reason as ErrorCode) || codeOf(code - 4000), message: reason };
};

type WithoutRef<Frame> = Frame extends unknown ? Omit<Frame, 'ref'> : never;

/** Frames both ways over one WebSocket that logs in by a ticket. */
export interface Socket {
  /** With `told`, the frame carries a reference; its answer is told once: nothing when it was taken. */
  send(frame: WithoutRef<ClientFrame>, told?: (error?: ErrorFrame) => void): void;
  /** Ends it, and tells `lost` unless it had ended before. */
  end(failure: Failure | null, movedMs?: number): void;
  /** Ends it and tells nobody. */
  finish(): void;
}

/** Hands answers to whoever waits for them, and all other frames to `take`. */
const createAnswers = (take: (frame: ServerFrame) => void) => {
  const waiting = new Map<number, (error?: ErrorFrame) => void>();
  let refs = 0;
  let lastError: ErrorFrame | undefined;
  return {
    lastError: () => lastError,
    expect(told: (error?: ErrorFrame) => void): number {
      waiting.set((refs += 1), told);
      return refs;
    },
    read(text: string): void {
      const frame: ServerFrame | ErrorFrame = JSON.parse(text);
      const error = frame.type === 'error' ? frame : undefined;
      const { ref } = frame as ErrorFrame;
      if (ref !== undefined) {
        waiting.get(ref)?.(error);
        waiting.delete(ref);
        // An error that answers nothing is about the link: its close follows.
      } else if (error) lastError = error;
      else take(frame);
    },
  };
};

export const openSocket = (
  { options, sessionId, base, request, timers, idleForMs, transport }: LinkContext,
  take: (frame: ServerFrame) => void,
  lost: (failure: Failure | null, reached: boolean, movedMs?: number) => void,
): Socket => {
  const { device } = options;
  const { read, expect, lastError } = createAnswers(take);
  const abort = new AbortController();
  let link: Link | undefined;
  let reached = false;

  const finish = (): void => {
    timers.stop();
    abort.abort();
    link?.close(1000);
  };
  const end: Socket['end'] = (failure, movedMs) => {
    if (timers.stopped()) return;
    finish();
    lost(failure, reached, movedMs);
  };
  const send: Socket['send'] = (frame, told) => {
    if (!timers.stopped()) link?.send(JSON.stringify({ ...frame, ref: told && expect(told) }));
  };
  const connect = async (): Promise<void> => {
    const { body, failure } = await request<TicketAnswer>('POST', '/ticket', undefined, abort);
    if (timers.stopped()) return;
    if (!body?.ticket) return end(failure ?? network('The server does not answer.'));
    reached = true;
    try {
      link = transport.connect(`${base.replace(/^http/, 'ws')}/socket`, {
        open: () =>
          send({
            type: 'hello',
            protocol: 1,
            ticket: body.ticket,
            sessionId,
            device,
            idleMs: idleForMs(),
          }),
        message(text) {
          try {
            if (!timers.stopped()) read(text);
          } catch (error) {
            // No frame of the protocol: another link may have a server at its end.
            end(network(error));
          }
        },
        closed: (code, reason) => end(failureOf(code, reason, lastError())),
      });
    } catch (error) {
      end(network(error));
    }
  };
  timers.after(CONNECT_MS, () => end(network('The server does not answer.')), 'connect');
  void connect();
  return { send, end, finish };
};
