import { ERRORS, type ErrorCode } from '@presence/core';
import type { ClientFrame, ErrorFrame, ServerFrame, TicketAnswer } from '@presence/core/protocol';
import { createTimers, type Timers } from '../timers.ts';
import type { Link } from '../types.ts';
import type { LinkContext } from './presence-link.ts';
import { codeOf, network, type Failure } from './request.ts';

const CONNECT_MS = 15_000;
/** What WebSocket itself says of a server that cannot serve now. */
const TRY_LATER = 1013;

/** The server says why in an error frame, then closes; where the frame was lost, the code says it. */
const failureOf = (code: number, reason: string, last: ErrorFrame | null): Failure => {
  const known = code > 0 && codeOf('closeCode', code);
  if (last && (known || code === TRY_LATER)) return { code: last.code, message: last.message };
  if (!known) return network(`The socket closed with ${code} ${reason}`.trim());
  return { code: Object.hasOwn(ERRORS, reason) ? (reason as ErrorCode) : known, message: reason };
};

type WithoutRef<Frame> = Frame extends unknown ? Omit<Frame, 'ref'> : never;

/** Told once how a frame was answered: nothing when it was taken. */
export type Told = (error?: ErrorFrame) => void;

/** Frames both ways over one WebSocket that logs in by a ticket. */
export interface Socket {
  readonly timers: Timers;
  /** With `told`, the frame carries a reference that its answer names. */
  send(frame: WithoutRef<ClientFrame>, told?: Told): void;
  /** The server took the login: the time for it is over. */
  welcomed(): void;
  /** Ends it; `lost` is told unless it had ended before. */
  end(failure: Failure): void;
  /** Ends it and tells nobody. */
  finish(): void;
}

export interface SocketEvents {
  frame(frame: ServerFrame): void;
  lost(failure: Failure, reached: boolean): void;
}

/** Reads frames, and hands answers to whoever waits for them. */
const createAnswers = (frame: SocketEvents['frame']) => {
  const waiting = new Map<number, Told>();
  let lastError: ErrorFrame | null = null;
  let nextRef = 1;
  const answer = (ref: number, error?: ErrorFrame): boolean => {
    const told = waiting.get(ref);
    waiting.delete(ref);
    told?.(error);
    return told !== undefined;
  };
  return {
    lastError: () => lastError,
    expect(told: Told): number {
      waiting.set(nextRef, told);
      return nextRef++;
    },
    read(text: string): void {
      let read: ServerFrame;
      try {
        read = JSON.parse(text);
      } catch {
        return;
      }
      const { ref } = read as ErrorFrame;
      // An error that answers nothing is about the link, and ends it.
      lastError = read.type === 'error' && ref === undefined ? read : null;
      if (ref !== undefined && answer(ref, read.type === 'error' ? read : undefined)) return;
      if (read.type !== 'ack') frame(read);
    },
  };
};

export const openSocket = (context: LinkContext, events: SocketEvents): Socket => {
  const timers = createTimers(context.clock);
  const answers = createAnswers(events.frame);
  const abort = new AbortController();
  let link: Link | null = null;
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
  const end = (failure: Failure): void => {
    if (finish()) events.lost(failure, reached);
  };
  const send: Socket['send'] = (frame, told) => {
    if (ended) return;
    try {
      link?.send(JSON.stringify(told ? { ...frame, ref: answers.expect(told) } : frame));
    } catch (error) {
      end(network(String(error)));
    }
  };
  const hello = (ticket: string): void => {
    const { sessionId, device } = context;
    const idleMs = context.idleMs();
    send({
      type: 'hello',
      protocol: 1,
      ticket,
      ...(sessionId && { sessionId }),
      ...(device && { device }),
      ...(idleMs !== null && { idleMs: Math.round(idleMs) }),
    });
  };
  const connect = async (): Promise<void> => {
    const ticket = await context.request<TicketAnswer>('POST', '/ticket', undefined, abort);
    if (ended) return;
    if (!ticket.ok) return end(ticket.failure);
    reached = true;
    try {
      link = context.transport.connect(`${context.base.replace(/^http/, 'ws')}/socket`, {
        open: () => hello(ticket.body.ticket),
        message: (text) => ended || answers.read(text),
        closed: (code, reason) => end(failureOf(code, reason, answers.lastError())),
      });
    } catch (error) {
      end(network(String(error)));
    }
  };
  const tooLate = timers.after(CONNECT_MS, () => end(network('The socket did not open in time.')));
  void connect();
  return { timers, send, end, finish: () => void finish(), welcomed: tooLate };
};
