import type { History } from './history/history.ts';
import type { NodeSettings } from './node/settings.ts';
import { startNode, type NodeProcess } from './processes/node.ts';
import { startProxy, type Proxy } from './proxy/proxy.ts';
import type { Scale } from './scale.ts';
import type { StoreProcesses } from './store.ts';

/** The nodes behind a load balancer that knows which of them run. */
export interface Nodes {
  /** Which of the places has a running node. */
  running(): readonly NodeProcess[];
  at(place: number): NodeProcess;
  /** Between the node of a place and its one Redis. */
  proxy(place: number): Proxy;
  targetOf(user: number): NodeProcess | null;
  kill(place: number): Promise<void>;
  /** As a deploy does, until the process is gone. */
  drain(place: number): Promise<void>;
  /** Another process in the place of one that is gone. */
  start(place: number): Promise<void>;
  logs(): string;
  stop(): Promise<void>;
}

interface Parts {
  readonly scale: Scale;
  readonly store: StoreProcesses;
  readonly history: History;
  readonly isClockSettable: boolean;
}

export const PLACES = 3;

interface Place {
  node: NodeProcess | null;
  proxy: Proxy | null;
  /** The balancer sends nobody there any more. */
  isLeaving: boolean;
  started: number;
}

const LINES = 100;

export const startNodes = async ({
  scale,
  store,
  history,
  isClockSettable,
}: Parts): Promise<Nodes> => {
  const { isCluster } = store;
  const places: Place[] = Array.from({ length: PLACES }, () => ({
    node: null,
    proxy: null,
    isLeaving: false,
    started: 0,
  }));
  const everyNode: NodeProcess[] = [];

  const start = async (number: number): Promise<void> => {
    const place = places[number]!;
    // A cluster's servers tell their own addresses: no proxy stands between.
    if (!isCluster) place.proxy ??= await startProxy(store.ports[0]!);
    const settings: NodeSettings = {
      name: `node ${number}.${place.started}`,
      port: 0,
      redisPorts: place.proxy ? [place.proxy.port] : store.ports,
      isCluster,
      policy: scale.policy,
      isClockSettable,
    };
    place.started += 1;
    place.node = await startNode(settings, (lag) => history.lags.push(lag));
    everyNode.push(place.node);
    place.isLeaving = false;
  };

  const at = (number: number): NodeProcess => {
    const { node } = places[number]!;
    if (!node) throw new Error(`[presence/tests] No node runs in place ${number}.`);
    return node;
  };

  const running = (): NodeProcess[] =>
    places.flatMap(({ node, isLeaving }) => (node?.isRunning && !isLeaving ? [node] : []));

  const stop = async (): Promise<void> => {
    await Promise.all(everyNode.map((node) => node.kill()));
    await Promise.all(places.map(async ({ proxy }) => proxy?.stop()));
  };

  try {
    await Promise.all(places.map((_, number) => start(number)));
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    running,
    at,
    proxy: (number) => places[number]!.proxy!,
    targetOf: (user) => {
      const { node, isLeaving } = places[user % PLACES]!;
      if (node?.isRunning && !isLeaving) return node;
      const others = running();
      return others[user % Math.max(1, others.length)] ?? null;
    },
    kill: async (number) => {
      const node = at(number);
      history.deaths.push({ node: node.name, at: Date.now(), how: 'killed' });
      await node.kill();
    },
    drain: async (number) => {
      const node = at(number);
      places[number]!.isLeaving = true;
      history.deaths.push({ node: node.name, at: Date.now(), how: 'drained' });
      await node.drain();
    },
    start,
    logs: () =>
      everyNode.map(({ name, log }) => `${name}:\n${log.slice(-LINES).join('\n')}`).join('\n'),
    stop,
  };
};
