import type { IncomingMessage } from 'node:http';
import { project } from '@presence/core';
import { EventEmitter } from 'eventemitter3';
import type { AuditEvent } from './admin/types.ts';
import type { Node, ResolvedOptions } from './context.ts';
import type { OwnCommit } from './engine/user-queue.ts';
import { createHttp } from './http/http.ts';
import { keepInside } from './inside.ts';
import { registerNode } from './metrics/register-node.ts';
import { createNode } from './node.ts';
import { resolveOptions } from './options.ts';
import { warnOfOtherPolicy } from './other-policy.ts';
import { createReaper, type Reaper } from './reaper.ts';
import { identify } from './security/identify.ts';
import { giveWay, systemClock } from './system-clock.ts';
import { createTenants, DEFAULT_TENANT } from './tenant/tenant.ts';
import type { Logger, Presence, PresenceEvents, PresenceOptions } from './types.ts';

const publicVersion = (record: OwnCommit['before']): number => record?.public.version ?? 0;

/** Tells the application's listeners of commits that others can see, and of what admins did. */
const createTellers = (events: EventEmitter<PresenceEvents>, logger: Logger) => {
  const tell = (name: keyof PresenceEvents, emit: () => void): void => {
    try {
      emit();
    } catch (error) {
      logger.error({ err: error }, `[presence/server] A listener of "${name}" threw.`);
    }
  };
  return {
    onCommit: ({ key, before, write }: OwnCommit): void => {
      if (write.record && publicVersion(write.record) === publicVersion(before)) return;
      const presence = project(key.userId, write.record, 'public');
      tell('change', () =>
        events.emit('change', { tenant: key.tenant, presence, steps: write.steps }),
      );
    },
    audit: (event: AuditEvent): void => tell('audit', () => events.emit('audit', event)),
  };
};

/** What still wants to tell of commits: webhooks, and the history. */
const closeTellers = async ({
  webhooks,
  history,
}: Pick<Node, 'webhooks' | 'history'>): Promise<void> => {
  for (const attached of webhooks.values()) await attached.close();
  await history?.close();
};

/** The application closes a store that it made itself. */
const closeStore = async (
  store: ReturnType<typeof resolveOptions>['store'],
  isOurs: boolean,
): Promise<void> => {
  if ('stop' in store) await store.stop();
  if (isOurs) await store.close();
};

const startReaper = (
  { clock, logger, policyOf }: Pick<ResolvedOptions, 'clock' | 'logger' | 'policyOf'>,
  node: Node,
): Reaper =>
  createReaper({
    engine: node.engine,
    clock,
    logger,
    everyMs: policyOf(DEFAULT_TENANT).reapMs,
    onCrowd: node.feed.reread,
    onTurn: (at) => node.history?.trim(at),
    // By a clock of a test nothing happens but what it is moved for.
    ...(clock === systemClock && { giveWay }),
  });

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
  const { store, logger, policyOf } = options;
  const events = new EventEmitter<PresenceEvents>();
  const { node, gateway, startDraining } = createNode(options, {
    ...createTellers(events, logger),
    reap: () => reaper.reap(),
  });
  const { feed } = node;
  const http = createHttp(node);
  const reaper = startReaper(options, node as Node);
  const stopComparing = warnOfOtherPolicy(options);
  const tenant = createTenants(node);
  const unregister = registerNode(node as Node);

  const presence: Presence<Request> = {
    ...tenant(DEFAULT_TENANT),
    tenant,
    touch: ({ tenant: id = DEFAULT_TENANT, ...principal }) => tenant(id).touch(principal),
    on: (event, listener) => {
      events.on(event, listener as never);
      return () => void events.off(event, listener as never);
    },
    reap: reaper.reap,
    drain: async () => {
      if (node.isDraining()) return;
      startDraining();
      await node.nodeLease.drain();
      await gateway.drain();
    },
    close: async () => {
      startDraining();
      unregister();
      reaper.stop();
      stopComparing();
      node.nodeLease.stop();
      await gateway.close();
      await closeTellers(node);
      await Promise.all([node.streams.close(), feed.close()]);
      events.removeAllListeners();
      await closeStore(store, given.store === undefined);
    },
    attach: (server, attachOptions) => gateway.attach(server, attachOptions ?? {}),
    accept: gateway.accept,
    handle: http.handle,
    identify: (raw) => identify(node, raw),
    logger,
    policyOf,
  };
  keepInside(presence, node as Node);
  return presence;
};
