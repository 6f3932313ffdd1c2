import type { Instant, Key, PresenceRecord, Step } from '@presence/core';

/** Names a change that a hook is told of. */
interface OutboxRef {
  readonly key: Key;
  readonly revision: number;
}

/** A change that a hook was not told of yet. */
export interface OutboxItem extends OutboxRef {
  /** `null`: the user was deleted. */
  readonly record: PresenceRecord | null;
  /** The last transition of the commit. */
  readonly step: Step | null;
  /** When it came into the outbox. */
  readonly at: Instant;
}

/** What was given up, and is kept. */
export interface OutboxFailure {
  readonly hook: string;
  readonly userId: string;
  readonly version: number;
  readonly tries: number;
  readonly at: Instant;
  readonly reason: string;
}

/** Which of a tenant's failures: all of a hook, or of one user, or one. */
export interface FailureChoice {
  readonly tenant: string;
  readonly hook: string;
  readonly userId?: string | undefined;
  readonly version?: number | undefined;
}

export interface OutboxCount {
  readonly waiting: number;
  readonly failed: number;
}

/** Changes that webhooks have to tell, kept by a store in the transaction of each. All instants are the store's. */
export interface Outbox {
  /** From then on commits write what this hook has to tell, for so long. */
  enroll(hook: string, forMs: number): Promise<void>;
  /** Whether this owner alone may tell for a hook, for so long. */
  take(hook: string, owner: string, forMs: number): Promise<boolean>;
  /** Lets another owner take a hook at once. */
  leave(hook: string, owner: string): Promise<void>;
  /** What waits since `from` or later, the oldest first. */
  waiting(hook: string, from: Instant, limit: number): Promise<readonly OutboxItem[]>;
  /** They were told. */
  remove(hook: string, told: readonly OutboxRef[]): Promise<void>;
  /** It was given up: it waits no more, and is kept. */
  fail(hook: string, ref: OutboxRef, tries: number, reason: string): Promise<void>;
  /** What waits and what was given up of a tenant. */
  count(tenant: string, hook: string): Promise<OutboxCount>;
  /** What a hook gave up of a tenant, the latest first. */
  failures(tenant: string, hook: string, limit: number): Promise<readonly OutboxFailure[]>;
  /** Lets what was given up wait again; how much. */
  retry(choice: FailureChoice): Promise<number>;
  /** Deletes what was given up; how much. */
  drop(choice: FailureChoice): Promise<number>;
  /** Deletes what is older than so long, told or not. */
  trim(olderThanMs: number): Promise<void>;
}
