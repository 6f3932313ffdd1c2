import { channel } from 'node:diagnostics_channel';
import type { ErrorCode, Instant, Status, Step } from '@presence/core';

/** What each channel of `node:diagnostics_channel` carries. Ids of users are in them: they are for the process itself. */
export interface DiagnosticMessages {
  /** A commit of this node that the store took. */
  readonly 'presence:commit': {
    readonly tenant: string;
    readonly userId: string;
    readonly revision: number;
    /** The user's own, hidden or not; `offline` for somebody who was forgotten. */
    readonly status: Status;
    readonly steps: readonly Step[];
    readonly at: Instant;
  };
  /** A heartbeat over HTTP arrived. Renewals of sockets are no heartbeats: a node renews all of them at once. */
  readonly 'presence:heartbeat': {
    readonly tenant: string;
    readonly userId: string;
    /** Absent: it opens a session. */
    readonly sessionId: string | undefined;
  };
  /** A request or a frame was refused. */
  readonly 'presence:refusal': { readonly via: 'http' | 'socket'; readonly code: ErrorCode };
  /** A call of a store outside of this process was answered, or failed with `error`. */
  readonly 'presence:store': {
    readonly verb: string;
    readonly tookMs: number;
    readonly error?: unknown;
  };
  /** Changes were brought to whoever watches them. */
  readonly 'presence:fan-out': {
    readonly tenant: string;
    readonly changes: number;
    readonly tookMs: number;
  };
  /** A try to deliver a webhook is over. */
  readonly 'presence:webhook': {
    readonly id: string;
    readonly tries: number;
    readonly outcome: 'delivered' | 'retry' | 'failed';
    readonly status?: number;
    readonly error?: string;
  };
}

type Name = keyof DiagnosticMessages;

/** A channel that is asked first whether anybody listens: a message that nobody hears is not made. */
interface Diagnostic<Message> {
  readonly hasSubscribers: boolean;
  publish(message: Message): void;
}

const diagnostic = <Key extends Name>(name: Key): Diagnostic<DiagnosticMessages[Key]> =>
  channel(name);

/** One for the whole process. */
export const DIAGNOSTICS = Object.freeze({
  commit: diagnostic('presence:commit'),
  heartbeat: diagnostic('presence:heartbeat'),
  refusal: diagnostic('presence:refusal'),
  store: diagnostic('presence:store'),
  fanOut: diagnostic('presence:fan-out'),
  webhook: diagnostic('presence:webhook'),
});
