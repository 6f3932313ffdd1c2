import type { Node, ResolvedOptions } from './context.ts';
import { createEngine } from './engine/engine.ts';
import type { Engine } from './engine/types.ts';
import type { OwnCommit } from './engine/user-queue.ts';
import { createFeed } from './feed.ts';
import { createNodeHistory } from './history/node-history.ts';
import { measuredStore } from './metrics/measured-store.ts';
import { createTally, type Tally } from './metrics/tally.ts';
import { noteCommit } from './metrics/transitions.ts';
import { createNodeLease } from './node-lease.ts';
import { createGateway, type Gateway } from './realtime/gateway.ts';
import { createStreams } from './realtime/streams/streams.ts';
import type { NodeLease } from './realtime/types.ts';
import { createTyping } from './rooms/typing.ts';
import { createLeaveTokens } from './security/leave-tokens.ts';
import { createKeptTickets } from './security/kept-tickets.ts';
import { createTickets } from './security/tickets.ts';
import type { PresenceStore } from './stores/store.ts';
import { DEFAULT_TENANT } from './tenant/tenant.ts';

/** One running node and what stops with it. */
export interface RunningNode<Request> {
  readonly node: Node<Request>;
  readonly gateway: Gateway;
  /** From then on new sessions are refused. */
  startDraining(): void;
}

/** The engine over the measured store, with what it does counted. */
const createCountedEngine = (
  { clock, random, policyOf }: ResolvedOptions<never>,
  store: PresenceStore,
  tally: Tally,
  told: {
    readonly onCommit: (commit: OwnCommit) => void;
    readonly nodeLease: () => NodeLease | undefined;
  },
): Engine =>
  createEngine({
    store,
    clock,
    random,
    policyOf,
    onCommit: (commit) => {
      noteCommit(tally, commit, policyOf(commit.key.tenant));
      told.onCommit(commit);
    },
    onRefused: (reason) => tally.conflicts.add(reason),
    onLeaseLost: async (lease) => void (await told.nodeLease()?.lost(lease)),
    onEpoch: (epoch) => told.nodeLease()?.noteEpoch(epoch),
  });

/** What this node lets clients in and out by. */
const createTokens = (
  { secret, clock, random }: ResolvedOptions<never>,
  { isLocal }: PresenceStore,
): Pick<Node, 'tickets' | 'leaveTokens'> => ({
  tickets: isLocal
    ? createKeptTickets({ clock, random })
    : createTickets({ secret, clock, random }),
  leaveTokens: createLeaveTokens({ secret }),
});

/** What travels between nodes as signals of the store. */
const createSignalled = <Request>(
  options: ResolvedOptions<Request>,
  {
    store,
    feed,
    accept,
  }: Pick<Node, 'feed'> & {
    readonly store: PresenceStore;
    readonly accept: Gateway['accept'];
  },
): Pick<Node, 'streams' | 'typing'> => ({
  streams: createStreams({ options, store, accept }),
  typing: createTyping({ options, store, feed }),
});

/** Puts the parts of one node together. */
export const createNode = <Request>(
  options: ResolvedOptions<Request>,
  tell: Pick<Node, 'audit' | 'reap'> & { readonly onCommit: (commit: OwnCommit) => void },
): RunningNode<Request> => {
  const { clock, random, logger, policyOf } = options;
  const tally = createTally();
  const store = measuredStore(options.store, tally, clock);
  let draining = false;
  // The gateway needs the lease for new sockets, the lease needs the gateway's sessions and the
  // engine, and the engine tells the lease when a commit found it lost.
  const late: { nodeLease: NodeLease } = { nodeLease: undefined as unknown as NodeLease };
  const feed = createFeed(store, logger);
  const history = options.history && createNodeHistory(options.history, options);
  const onCommit = (commit: OwnCommit): void => {
    history?.record(commit);
    tell.onCommit(commit);
  };
  const nodeLease = (): NodeLease | undefined => late.nodeLease;
  const engine = createCountedEngine(options, store, tally, { onCommit, nodeLease });
  const accept: Gateway['accept'] = (connection) => gateway.accept(connection);
  const signalled = createSignalled(options, { store, feed, accept });
  const node: Node<Request> = {
    options,
    engine,
    feed,
    ...createTokens(options, store),
    get nodeLease() {
      return late.nodeLease;
    },
    get held() {
      return gateway.held;
    },
    ...signalled,
    history,
    tally,
    webhooks: new Map(),
    audit: tell.audit,
    reap: tell.reap,
    stats: () => gateway.stats(),
    isDraining: () => draining,
  };
  const gateway: Gateway = createGateway(node as Node);
  const policy = policyOf(DEFAULT_TENANT);
  late.nodeLease = createNodeLease({
    store,
    clock,
    random,
    logger,
    policy,
    engine,
    held: gateway.held,
    onAttached: feed.reread,
  });
  return {
    node,
    gateway,
    startDraining: () => {
      draining = true;
      signalled.streams.drain();
    },
  };
};
