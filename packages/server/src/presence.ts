import type { IncomingMessage } from 'node:http';
import { project } from '@presence/core';
import { EventEmitter } from 'eventemitter3';
import type { Node } from './context.ts';
import { createEngine } from './engine/engine.ts';
import type { OwnCommit } from './engine/user-queue.ts';
import { createFeed } from './feed.ts';
import { createHttp } from './http/http.ts';
import { createNodeLease } from './node-lease.ts';
import { resolveOptions } from './options.ts';
import { createGateway, type Gateway } from './realtime/gateway.ts';
import type { NodeLease } from './realtime/types.ts';
import { createReaper } from './reaper.ts';
import { identify } from './security/identify.ts';
import { createLeaveTokens } from './security/leave-tokens.ts';
import { createTickets } from './security/tickets.ts';
import { createTenant } from './tenant.ts';
import type { Presence, PresenceEvents, PresenceOptions, TenantPresence } from './types.ts';

const DEFAULT_TENANT = 'default';

/** The tenants an application asked for by name; they hold nothing, so a bounded number is kept. */
const KEPT_TENANTS = 10_000;

const publicVersion = (record: OwnCommit['before']): number => record?.public.version ?? 0;

/**
 * Presence for one process: the engine over a store, with routes and sockets to mount.
 *
 * @throws PresenceError `invalid_options` or `invalid_policy` when an option cannot work
 * @example
 * const presence = createPresence({ authenticate: (request) => request.user && { userId: request.user.id } })
 */
export const createPresence = <Request = IncomingMessage>(
  given: PresenceOptions<Request>,
): Presence<Request> => {
  const options = resolveOptions(given);
  const { store, clock, random, logger, policyOf } = options;
  const events = new EventEmitter<PresenceEvents>();
  let draining = false;
  let nodeLease: NodeLease;

  const tellChange = ({ key, before, write }: OwnCommit): void => {
    if (publicVersion(write.record) === publicVersion(before) && write.record !== null) return;
    const presence = project(key.userId, write.record, 'public');
    try {
      events.emit('change', { tenant: key.tenant, presence, steps: write.steps });
    } catch (error) {
      logger.error({ err: error }, '[presence/server] A listener of "change" threw.');
    }
  };

  const engine = createEngine({
    store,
    clock,
    random,
    policyOf,
    onCommit: tellChange,
    onLeaseLost: async (lease) => void (await nodeLease.lost(lease)),
  });
  const feed = createFeed(store, logger);
  const node: Node<Request> = {
    options,
    engine,
    feed,
    tickets: createTickets({ secret: options.secret, clock, random }),
    leaveTokens: createLeaveTokens({ secret: options.secret }),
    // The gateway needs the lease for new sockets, the lease needs the gateway's sessions.
    get nodeLease() {
      return nodeLease;
    },
    get held() {
      return gateway.held;
    },
    isDraining: () => draining,
  };
  const gateway: Gateway = createGateway(node as Node);
  const policy = policyOf(DEFAULT_TENANT);
  nodeLease = createNodeLease({ store, clock, random, logger, policy, engine, held: gateway.held });
  const http = createHttp(node);
  const reaper = createReaper({ engine, clock, logger, everyMs: policy.reapMs });

  const tenants = new Map<string, TenantPresence>();
  const tenant = (id: string): TenantPresence => {
    const known = tenants.get(id);
    if (known) return known;
    if (tenants.size >= KEPT_TENANTS) tenants.clear();
    const created = createTenant(id, engine, feed);
    tenants.set(id, created);
    return created;
  };

  const drain = async (): Promise<void> => {
    if (draining) return;
    draining = true;
    await nodeLease.drain();
    await gateway.drain();
  };

  const close = async (): Promise<void> => {
    draining = true;
    reaper.stop();
    nodeLease.stop();
    await gateway.close();
    await feed.close();
    events.removeAllListeners();
    // The application closes a store that it made itself.
    if (given.store === undefined) await store.close();
  };

  return {
    ...tenant(DEFAULT_TENANT),
    tenant,
    touch: ({ tenant: id = DEFAULT_TENANT, ...principal }) => tenant(id).touch(principal),
    on: (event, listener) => {
      events.on(event, listener as never);
      return () => void events.off(event, listener as never);
    },
    reap: reaper.reap,
    drain,
    close,
    attach: (server, attachOptions) => gateway.attach(server, attachOptions ?? {}),
    handle: http.handle,
    identify: (raw) => identify(node, raw),
    logger,
    policyOf,
  };
};
