import {
  apply,
  isLive,
  isSharedLease,
  PresenceError,
  type Clock,
  type Key,
  type LeaseId,
  type Policy,
  type PresenceRecord,
  type Random,
  type Write,
} from '@presence/core';
import { keyText } from './keys.ts';
import { mergeWrites } from './merge-writes.ts';
import { refusal } from './refusal.ts';
import type { LoadedAt, StoreCalls } from './store-calls.ts';
import type { CommandSource, Executed } from './types.ts';

/** A commit of this node that the store took. */
export interface OwnCommit {
  readonly key: Key;
  readonly before: PresenceRecord | null;
  readonly write: Write;
}

interface Waiting {
  readonly source: CommandSource;
  resolve(executed: Executed): void;
  reject(error: unknown): void;
}

interface Parts {
  readonly calls: StoreCalls;
  readonly clock: Clock;
  readonly random: Random;
  policyOf(tenant: string): Policy;
  onCommit(commit: OwnCommit): void;
  /** A shared lease that a command held anew has ended; resolves when the next one lives. */
  onLeaseLost(lease: LeaseId): Promise<void>;
}

interface Round {
  readonly write: Write | null;
  readonly before: PresenceRecord | null;
  /** Answers every command of the round. */
  settle(): void;
}

/** More conflicts in a row than any number of honest writers makes. */
const MOST_TRIES = 50;

/** Writers that met twice step apart by up to this long, times the number of tries. */
const JITTER_MS = 4;

const lostLease = (write: Write, current: LoadedAt): LeaseId | undefined =>
  write.holds.find((id) => isSharedLease(id) && !isLive(current.loaded.leases.get(id), current.at));

/**
 * Commands for one user share loads and commits: three thousand at once take a handful of commits
 * instead of thousands of conflicts.
 */
export const createUserQueue = (parts: Parts) => {
  const { calls, clock, random, policyOf, onCommit, onLeaseLost } = parts;
  const queues = new Map<string, Waiting[]>();

  /** Applies every waiting command to one load. */
  const applyAll = (key: Key, round: readonly Waiting[], { at, loaded }: LoadedAt): Round => {
    const policy = policyOf(key.tenant);
    const answers: (() => void)[] = [];
    let current = loaded;
    let write: Write | null = null;
    for (const { source, resolve, reject } of round) {
      const command = typeof source === 'function' ? source() : source;
      const applied = apply(current, command, at, policy);
      if (!applied.ok) {
        const error = refusal(applied.code);
        answers.push(() => reject(error));
        continue;
      }
      const { record, leases, session } = applied;
      const written = applied.write !== null;
      if (applied.write) {
        write = mergeWrites(write, applied.write);
        current = { key, record, leases };
      }
      answers.push(() => resolve({ key, at, record, leases, session, written }));
    }
    return { write, before: loaded.record, settle: () => answers.forEach((answer) => answer()) };
  };

  const pause = (tries: number): Promise<void> =>
    new Promise((resolve) => void clock.after(random.next() * JITTER_MS * tries, resolve));

  /** One round: until the store takes it. */
  const run = async (key: Key, round: readonly Waiting[]): Promise<void> => {
    let state = await calls.load(key);
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      const { write, before, settle } = applyAll(key, round, state);
      if (write === null) return settle();
      const { at, result } = await calls.commit(write);
      if (result.ok) {
        onCommit({ key, before, write });
        return settle();
      }
      state = { at, loaded: result.current };
      if (result.reason === 'lease-lost') {
        const lost = lostLease(write, state);
        if (lost !== undefined) await onLeaseLost(lost);
        state = await calls.load(key);
      } else if (tries > 1) {
        await pause(tries);
        state = await calls.load(key);
      }
    }
    throw new PresenceError('store_unavailable', 'Too many writers at once. Try again later.', {
      retryAfterMs: 1000,
    });
  };

  const drain = async (key: Key, text: string, queue: Waiting[]): Promise<void> => {
    while (queue.length > 0) {
      const round = queue.splice(0, queue.length);
      try {
        await run(key, round);
      } catch (error) {
        for (const { reject } of round) reject(error);
      }
    }
    queues.delete(text);
  };

  return {
    execute: (key: Key, source: CommandSource): Promise<Executed> =>
      new Promise((resolve, reject) => {
        const text = keyText(key);
        const waiting = { source, resolve, reject };
        const queue = queues.get(text);
        if (queue) {
          queue.push(waiting);
          return;
        }
        const opened = [waiting];
        queues.set(text, opened);
        // Whatever else this turn of the event loop asks of the user joins the first round.
        queueMicrotask(() => void drain(key, text, opened));
      }),
    /** Users with commands under way. */
    get size(): number {
      return queues.size;
    },
  };
};
