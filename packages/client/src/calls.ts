import type { ErrorCode } from '@presence/core';
import type { StatusFrame, TypingFrame, VisibilityFrame } from '@presence/core/protocol';

/** What a user does to their own presence. It says what shall be, so sending it twice does no harm. */
export type Command = StatusFrame | VisibilityFrame | TypingFrame;

/** Told once how a command ended: nothing when it was stored. */
export type Done = (error?: { readonly code: ErrorCode; readonly message: string }) => void;

export interface Call {
  readonly ref: string;
  readonly command: Command;
  readonly done: Done;
  /** The client was stopped. */
  drop(): void;
}

/**
 * The commands of this page that no answer has come for, by reference; while it leads, those of
 * other tabs as well. Each new way to the server gets all of them.
 */
export type Calls = Map<string, Call>;
