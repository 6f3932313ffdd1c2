import type { ErrorCode } from '@presence/core';
import type { Timing } from './timers.ts';
import type { StatusFrame, VisibilityFrame } from '@presence/core/protocol';

/** How long a command may wait for its answer. A status set a minute late would surprise. */
const COMMAND_MS = 15_000;

/** What a user does to their own presence. It says what shall be, so sending it twice does no harm. */
export type Command = StatusFrame | VisibilityFrame;

/** Told once how a command ended: nothing when it was stored. */
export type Done = (error?: { readonly code: ErrorCode; readonly message: string }) => void;

export interface Call {
  readonly ref: string;
  readonly command: Command;
  readonly done: Done;
}

/**
 * The commands of this page that no answer has come for, by reference; while it leads, those of
 * other tabs as well. Each new way to the server gets all of them.
 */
export type Calls = Map<string, Call>;

export const addCall = (
  calls: Calls,
  clock: Timing,
  ref: string,
  command: Command,
  tell: Done,
): Call => {
  const cancel = clock.after(COMMAND_MS, () =>
    call.done({
      code: 'store_unavailable',
      message: '[presence/client] The server did not answer in time. Try again once connected.',
    }),
  );
  const call: Call = {
    ref,
    command,
    done(error) {
      if (calls.get(ref) !== call) return;
      calls.delete(ref);
      cancel();
      tell(error);
    },
  };
  calls.set(ref, call);
  return call;
};
