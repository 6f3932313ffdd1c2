import {
  apply,
  declares,
  type Command,
  type Key,
  type Policy,
  type PresenceRecord,
  type Write,
} from '@presence/core';
import { mergeWrites } from './merge-writes.ts';
import { refusal } from './refusal.ts';
import type { LoadedAt } from './store-calls.ts';
import type { CommandSource, Executed } from './types.ts';

/** A command that waits for its answer. */
export interface Waiting {
  readonly source: CommandSource;
  resolve(executed: Executed): void;
  reject(error: unknown): void;
}

export const commandOf = ({ source }: Waiting): Command =>
  typeof source === 'function' ? source() : source;

/** What several commands on one load came to. */
export interface Round {
  /** `null`: nothing to commit. */
  readonly write: Write | null;
  readonly before: PresenceRecord | null;
  /** Somebody declared what was so already: nobody wrote it down just now. */
  readonly isRepeat: boolean;
  /** Answers every command; to be called once the store took the write. */
  settle(): void;
}

/** Applies every waiting command to one load, each to what the one before left. */
export const applyRound = (
  key: Key,
  waiting: readonly Waiting[],
  { at, loaded }: LoadedAt,
  policy: Policy,
): Round => {
  const answers: (() => void)[] = [];
  let current = loaded;
  let write: Write | null = null;
  let isRepeat = false;
  for (const each of waiting) {
    const { resolve, reject } = each;
    const command = commandOf(each);
    const applied = apply(current, command, at, policy);
    if (!applied.ok) {
      const error = refusal(applied.code);
      answers.push(() => reject(error));
      continue;
    }
    const { record, leases, session } = applied;
    if (!applied.write?.isDeclared && declares(command)) isRepeat = true;
    const written = applied.write !== null;
    if (applied.write) {
      write = mergeWrites(write, applied.write);
      current = { key, record, leases };
    }
    answers.push(() => resolve({ key, at, record, leases, session, written }));
  }
  return {
    write,
    before: loaded.record,
    isRepeat,
    settle: () => answers.forEach((answer) => answer()),
  };
};
