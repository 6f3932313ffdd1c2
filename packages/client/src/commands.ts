// What is loaded with the first command of this tab or, where it leads, of another.
import { PresenceError, type ClaimableStatus, type Visibility } from '@presence/core';
import type { Call, Command, Done } from './calls.ts';
import type { PageContext } from './context.ts';
import type { Role } from './tabs/role.ts';
import type { StatusOptions } from './types.ts';

/** How long a command may wait for its answer. A status set a minute late would surprise. */
const COMMAND_MS = 15_000;

const NOT_RUNNING = {
  code: 'invalid_options',
  message: '[presence/client] The client is stopped. Call start() first.',
} as const;

const SILENCE = {
  code: 'store_unavailable',
  message: '[presence/client] The server did not answer in time. Try again once connected.',
} as const;

/** Holds a command until it is answered. */
export const addCall = (
  { calls, clock }: Pick<PageContext, 'calls' | 'clock'>,
  ref: string,
  command: Command,
  tell: Done,
): Call => {
  const cancel = clock.after(COMMAND_MS, () => call.done(SILENCE));
  const call: Call = {
    ref,
    command,
    done(error) {
      if (calls.get(ref) !== call) return;
      calls.delete(ref);
      cancel();
      tell(error);
    },
    drop: () => call.done(NOT_RUNNING),
  };
  calls.set(ref, call);
  return call;
};

const commandOf = (said: Said): Command => {
  if (said[0] === 'visibility') return { type: said[0], visibility: said[1] };
  if (said[0] === 'typing') return { type: said[0], room: said[1], state: said[2] };
  const [type, status, { message, emoji, forMs } = {}] = said;
  return { type, status, message, emoji, forMs };
};

/** What a user says of themselves: what it is about, what shall be, and more about it. */
export type Said =
  | readonly ['status', ClaimableStatus | null, StatusOptions?]
  | readonly ['visibility', Visibility]
  | readonly ['typing', room: string, state: boolean];

/** @param role of the tab; `null` while it is not known who leads, `undefined` when the client is stopped */
export const submitCommand = (
  context: Pick<PageContext, 'calls' | 'clock' | 'random'>,
  role: Role | null | undefined,
  said: Said,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const done: Done = (error) =>
      error ? reject(new PresenceError(error.code, error.message)) : resolve();
    if (role === undefined) return done(NOT_RUNNING);
    const call = addCall(context, context.random.id(), commandOf(said), done);
    role?.submit(call);
  });
