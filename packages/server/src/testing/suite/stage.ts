import { apply, resolvePolicy, settle, type Policy } from '@presence/core';
import { createVirtualClock, type VirtualClock } from '@presence/core/testing';
import type { PresenceStore } from '../../stores/store.ts';
import { createTestEngine, type EngineHabits, type TestEngine } from './test-engine.ts';

/** A store as a test gets it: empty, and on the clock that it was made with. */
export interface StoreUnderTest {
  readonly store: PresenceStore;
  /** Gives back what the store stands on; the suite calls `store.close()` before. */
  dispose?(): Promise<void>;
}

/** The rules that the engines of the suite stand on. Tests of the suite itself pass wrong ones. */
export interface Rules {
  readonly apply: typeof apply;
  readonly settle: typeof settle;
}

/** What is tested: a way to make stores, and how to wait for what they send. */
export interface Subject {
  /** A fresh and empty store that judges every lease by `clock`. */
  create(clock: VirtualClock): Promise<StoreUnderTest>;
  /** Waits a moment for messages under way. Default: pending promises; a store behind a network waits longer. */
  flush?(): Promise<void>;
  readonly rules?: Rules;
  readonly habits?: EngineHabits;
}

/** Short leases, so that few steps cross many deadlines. */
export const SHORT_POLICY: Policy = resolvePolicy({
  heartbeatMs: 2000,
  hiddenHeartbeatMs: 2000,
  leaseMs: 4000,
  nodeLeaseMs: 3000,
  nodeRenewMs: 1000,
  reapMs: 1000,
  pingMs: 1000,
  pongTimeoutMs: 1000,
  awayAfterMs: 2000,
  offlineAfterIdleMs: 15_000,
  grace: { lostMs: 500, closedMs: 500, drainMs: 3000 },
  offlineRetentionMs: 40_000,
});

/** One store on a clock that stands still until the check moves it. */
export interface Stage {
  readonly clock: VirtualClock;
  readonly store: PresenceStore;
  readonly rules: Rules;
  readonly policy: Policy;
  /** Moves time, with the pulse written each second as reapers do. */
  pass(ms: number): Promise<void>;
  flush(): Promise<void>;
  /** Waits until a condition holds that messages bring about. */
  eventually(what: string, condition: () => boolean): Promise<void>;
  /** A node with a lease of its own, not yet taken. */
  engine(name: string): TestEngine;
}

const TURNS = 16;
const MOST_WAITS = 400;
const PULSE_MS = 1000;

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < TURNS; turn += 1) await Promise.resolve();
};

const stageOn = (subject: Subject, clock: VirtualClock, store: PresenceStore): Stage => {
  const flush = subject.flush ?? turns;
  const rules = subject.rules ?? { apply, settle };
  return {
    clock,
    store,
    rules,
    policy: SHORT_POLICY,
    flush,
    pass: async (ms) => {
      for (let left = ms; left > 0; left -= PULSE_MS) {
        await clock.advance(Math.min(left, PULSE_MS));
        await store.due(1, 0);
      }
    },
    eventually: async (what, condition) => {
      for (let wait = 0; wait < MOST_WAITS; wait += 1) {
        if (condition()) return;
        await flush();
      }
      if (!condition()) throw new Error(`Waited in vain for: ${what}.`);
    },
    engine: (name) =>
      createTestEngine({ store, rules, policy: SHORT_POLICY, name, habits: subject.habits ?? {} }),
  };
};

/** Runs one check on a store of its own. */
export const onStage = async (
  subject: Subject,
  check: (stage: Stage) => Promise<void>,
): Promise<void> => {
  const clock = createVirtualClock();
  const { store, dispose } = await subject.create(clock);
  try {
    await check(stageOn(subject, clock, store));
  } finally {
    await store.close();
    await dispose?.();
  }
};
