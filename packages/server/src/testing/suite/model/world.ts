import type { Command, Key, Session } from '@presence/core';
import { ok } from 'node:assert/strict';
import type { Stage } from '../stage.ts';
import type { Done, TestEngine } from '../test-engine.ts';
import { createFacts, type Facts } from './facts.ts';
import { createPager, type Pager } from './pager.ts';
import { createReplica, type Replica } from './replica.ts';
import { KEYS, labelOf } from './users.ts';
import { createVersions, type Versions } from './versions.ts';

/** A connection as its client remembers it, perhaps long after it ended. */
export interface Link {
  readonly key: Key;
  readonly session: Session;
  readonly isHttp: boolean;
}

/** Three nodes, their clients, one store, and what is true. */
export interface World {
  readonly stage: Stage;
  readonly facts: Facts;
  readonly versions: Versions;
  readonly replica: Replica;
  readonly pager: Pager;
  readonly links: Link[];
  /** An id that no session had. */
  freshSession(): string;
  engine(index: number): TestEngine;
  crash(index: number): void;
  /** Renews the lease of a node, and takes the next where it was lost. */
  renew(index: number): Promise<void>;
  /** Runs a command, or parks it; `effect` makes what was acknowledged a fact. */
  submit(submitted: Submitted): Promise<void>;
  park(): void;
  deliver(index: number): Promise<void>;
}

export interface Submitted {
  readonly engine: number;
  readonly key: Key;
  readonly command: Command;
  /** `null`: whether the rules allow it is not predicted. */
  readonly isAllowed?: boolean;
  effect(done: Done & { readonly committedAt: number }, session: Session | null): void;
}

const ENGINES = 3;

export const keyAt = (user: number): Key => KEYS[user % KEYS.length]!;

export const createWorld = async (stage: Stage): Promise<World> => {
  const { clock, policy } = stage;
  const facts = createFacts(policy);
  const versions = createVersions();
  const replica = await createReplica(stage, versions);
  const engines = Array.from({ length: ENGINES }, (_, index) => stage.engine(`n${index}`));
  let started = ENGINES;
  let sessions = 0;
  let isParking = false;
  let parked: (() => Promise<void>)[] = [];

  const engine = (index: number): TestEngine => engines[index % ENGINES]!;

  const acknowledge = ({ key, isAllowed, effect }: Submitted, done: Done): void => {
    const { applied, committedAt, refusals } = done;
    const who = labelOf(key);
    if (isAllowed !== undefined) ok(applied.ok === isAllowed, `S12: ${who} was judged wrongly`);
    if (!applied.ok || applied.write === null) return;
    const { session } = applied;
    if (committedAt === null) {
      const lives = applied.write.holds.every((id) => facts.isAlive(id, clock.now()));
      ok(!lives, `S2: ${who} was refused though the lease lives: ${refusals.join()}`);
      return;
    }
    effect({ ...done, committedAt }, session);
  };

  return {
    stage,
    facts,
    versions,
    replica,
    pager: createPager(),
    links: [],
    freshSession: () => {
      sessions += 1;
      return `s${sessions}`;
    },
    engine,
    crash: (index) => {
      started += 1;
      engines[index % ENGINES] = stage.engine(`n${started}`);
    },
    renew: async (index) => {
      for (let taken = false; !taken;) {
        const { lease } = engine(index);
        const lives = facts.expiryOf(lease) === undefined || facts.isAlive(lease, clock.now());
        taken = await engine(index).renew();
        ok(taken === lives, `S2: the lease ${lease} ${lives ? 'was lost' : 'was revived'}`);
        if (taken) facts.extend(lease, clock.now() + policy.nodeLeaseMs);
      }
    },
    submit: async (submitted) => {
      const { engine: index, key, command } = submitted;
      if (!isParking) return acknowledge(submitted, await engine(index).run(key, command));
      isParking = false;
      const commit = await engine(index).begin(key, command);
      const { isAllowed: _, ...later } = submitted;
      parked.push(async () => acknowledge(later, await commit()));
    },
    park: () => {
      isParking = true;
    },
    deliver: async (index) => {
      const commit = parked[index % Math.max(1, parked.length)];
      parked = parked.filter((other) => other !== commit);
      await commit?.();
    },
  };
};
