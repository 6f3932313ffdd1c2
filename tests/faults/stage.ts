import { resolvePolicy, type Policy } from '@presence/core';
import { closeRequests } from './crowd/ask.ts';
import { createCrowd, type Crowd } from './crowd/crowd.ts';
import { emptyHistory, type Fault, type FaultKind, type History } from './history/history.ts';
import { startReaders } from './history/readers.ts';
import { startLagMeter } from './node/lag-meter.ts';
import type { Scale } from './scale.ts';
import type { Need } from './scenario.ts';
import { startNodes, type Nodes } from './nodes.ts';
import { startStore, type StoreProcesses } from './store.ts';
import { pass, until } from './waiting.ts';

/** Three nodes, their store, and a crowd, all running; what is broken is broken here. */
export interface Stage {
  readonly scale: Scale;
  readonly policy: Policy;
  readonly history: History;
  readonly store: StoreProcesses;
  readonly nodes: Nodes;
  readonly crowd: Crowd;
  /** Writes down that something was broken while `work` ran, which says from when on it may be back. */
  during(
    kind: FaultKind,
    work: (back: () => void) => Promise<void>,
    more?: FaultDetails,
  ): Promise<void>;
  /** Some users go without a word now, and nobody may be shown them for long. */
  someVanish(): void;
  /** L5: whoever beats by HTTP does so again at the next promised beat. Only where none of them left. */
  everyBeaterIsBack(): Promise<void>;
  /** Some users come, and some go in each way. */
  someComeAndGo(): void;
  /** Resolves when everybody who is wanted is connected and told of all whom they watch. */
  everybodyIsThere(withinMs?: number): Promise<void>;
  pass(ms: number): Promise<void>;
  stop(): Promise<void>;
}

type Writable<Type> = { -readonly [Name in keyof Type]: Type[Name] };
type FaultDetails = Pick<Fault, 'stepMs' | 'node'>;

/** A busy machine takes its time; nothing is broken yet. */
const JOIN_MS = 240_000;
const BACK_MS = 60_000;
/** How late a beat may be. */
const BEAT_MS = 3000;
/** Until what everybody was told at first has settled. */
const SETTLED_MS = 3000;

const timingOf = (policy: Policy): History['timing'] => ({
  leaseMs: policy.leaseMs,
  nodeLeaseMs: policy.nodeLeaseMs,
  nodeRenewMs: policy.nodeRenewMs,
  pingMs: policy.pingMs,
  pongTimeoutMs: policy.pongTimeoutMs,
  ...policy.grace,
});

export const createStage = async (scale: Scale, needs?: Need): Promise<Stage> => {
  const policy = resolvePolicy(scale.policy);
  const history = emptyHistory(scale.users, timingOf(policy), Date.now());
  const stops: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each();
    closeRequests();
  };
  try {
    const store = await startStore(needs === 'cluster');
    stops.push(store.stop);
    const nodes = await startNodes({ scale, store, history, isClockSettable: needs === 'clock' });
    stops.push(nodes.stop);
    const crowd = createCrowd(history, scale.beaters, nodes.targetOf);
    stops.push(crowd.stop);
    stops.push(
      startLagMeter((at, ms) => history.lags.push({ who: 'test', at, ms })),
      startReaders(history, () => nodes.running()),
    );

    const everybodyIsThere = (withinMs = BACK_MS): Promise<void> =>
      until(() => {
        const [first, ...others] = crowd.missing();
        return first ? `${others.length + 1} are missing, one after ${first.lastClose}` : null;
      }, withinMs);
    crowd.join();
    await everybodyIsThere(JOIN_MS);
    await pass(SETTLED_MS);

    return {
      scale,
      policy,
      history,
      store,
      nodes,
      crowd,
      during: async (kind, work, more) => {
        const fault: Writable<Fault> = { kind, from: Date.now(), until: Infinity, ...more };
        history.faults.push(fault);
        await work(() => {
          fault.backAt = Date.now();
        });
        fault.until = Date.now();
      },
      someVanish: () => crowd.leave(crowd.some(scale.some), 'lost'),
      everyBeaterIsBack: async () => {
        const at = Date.now();
        await pass(policy.heartbeatMs + BEAT_MS);
        const { beaters } = crowd;
        const back = beaters.filter(({ beatenAt, isJoined }) => isJoined && beatenAt >= at).length;
        const [wanted, got] = [beaters.length, back].map((count) => `${count} beat again`) as [
          string,
          string,
        ];
        history.attempts.push({
          what: 'L5: users by HTTP, after their next beat',
          at,
          wanted,
          got,
        });
      },
      someComeAndGo: () => {
        crowd.newcomers(scale.some);
        for (const how of ['lost', 'closed', 'signed-out'] as const) {
          crowd.leave(crowd.some(scale.some), how);
        }
      },
      everybodyIsThere,
      pass,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};
