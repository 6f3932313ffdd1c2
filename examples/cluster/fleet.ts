import type { Clock } from '@presence/core';
import {
  createNodeProcess,
  type NodeCard,
  type NodeEvents,
  type NodeProcess,
} from './node-process.ts';

interface FleetParts extends NodeEvents {
  readonly clock: Clock;
  readonly ids: readonly number[];
  /** Every node's environment. */
  readonly env: NodeJS.ProcessEnv;
}

/** All nodes. */
export interface Fleet {
  cards(): readonly NodeCard[];
  /** `undefined`: there is no such node. */
  node(id: number): NodeProcess | undefined;
  start(): Promise<void>;
  /** One node after the other is drained and started with the next version. */
  deploy(): Promise<void>;
  isDeploying(): boolean;
  /** At once. */
  kill(): Promise<void>;
}

export const createFleet = ({ ids, ...parts }: FleetParts): Fleet => {
  const nodes = ids.map((id) => createNodeProcess({ id, ...parts }));
  let deploying: Promise<void> | null = null;

  const roll = async (): Promise<void> => {
    const version = 1 + Math.max(...nodes.map((node) => node.card().version));
    for (const node of nodes) {
      await node.drain();
      await node.start(version);
    }
  };

  return {
    cards: () => nodes.map((node) => node.card()),
    node: (id) => nodes.find((node) => node.card().id === id),
    start: async () => void (await Promise.all(nodes.map((node) => node.start()))),
    deploy: async () => {
      deploying ??= roll().finally(() => (deploying = null));
      await deploying;
    },
    isDeploying: () => deploying !== null,
    kill: async () => void (await Promise.all(nodes.map((node) => node.kill()))),
  };
};
