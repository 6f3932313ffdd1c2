import {
  DEFAULT_POLICY,
  PresenceError,
  resolvePolicy,
  type Clock,
  type Policy,
  type Random,
} from '@presence/core';
import type { ResolvedOptions } from './context.ts';
import { resolveHistory } from './history/options.ts';
import { createDurableStore } from './durable/durable-store.ts';
import { resolveMetrics } from './metrics/options.ts';
import { ALLOW_ALL } from './security/authorize.ts';
import { memoryStore } from './stores/memory/memory-store.ts';
import { systemClock } from './system-clock.ts';
import { systemRandom } from './system-random.ts';
import type { Limits, Logger, PresenceOptions, SecurityOptions } from './types.ts';

const KNOWN = [
  'authenticate',
  'store',
  'sink',
  'policy',
  'security',
  'admin',
  'sources',
  'history',
  'metrics',
  'openapi',
  'logger',
  'testing',
];

const SHORTEST_SECRET = 32;

const silent = (): void => undefined;

const SILENT: Logger = Object.freeze({ debug: silent, info: silent, warn: silent, error: silent });

/** Generous for people, tight for loops. */
const DEFAULT_LIMITS: Limits = Object.freeze({
  beatsPerMinute: 10,
  ticketsPerMinute: 10 * DEFAULT_POLICY.maxSessions,
  queriesPerMinute: 60 * DEFAULT_POLICY.maxSessions,
  framesPerSecond: 20,
  typingPerMinute: 60,
  perAddressPerMinute: 3000,
  helloMs: 5000,
});

const invalid = (what: string): PresenceError =>
  new PresenceError('invalid_options', `[presence/options] ${what}`);

const resolveLimits = (given: Partial<Limits> = {}): Limits => {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(DEFAULT_LIMITS, name)) {
      throw invalid(
        `security.limits.${name} is not a limit. Known: ${Object.keys(DEFAULT_LIMITS).join(', ')}.`,
      );
    }
    if (value !== undefined && !(Number.isFinite(value) && value > 0)) {
      throw invalid(`security.limits.${name} must be above 0: saw ${String(value)}.`);
    }
  }
  return Object.freeze({ ...DEFAULT_LIMITS, ...given });
};

const resolveOrigins = (origins: SecurityOptions['origins']): ReadonlySet<string> | null => {
  if (origins === undefined) return null;
  for (const origin of origins) {
    const parsed = URL.canParse(origin) ? new URL(origin).origin : null;
    if (parsed !== origin) {
      throw invalid(
        `security.origins takes exact origins such as "https://app.example": saw "${origin}". Leave out paths, trailing slashes and patterns.`,
      );
    }
  }
  return new Set(origins);
};

const resolveSecret = (secret: string | undefined, isLocal: boolean, random: Random): string => {
  if (secret !== undefined) {
    if (typeof secret !== 'string' || secret.length < SHORTEST_SECRET) {
      throw invalid(
        `security.secret must have at least ${SHORTEST_SECRET} characters. Make one with: openssl rand -base64 32`,
      );
    }
    return secret;
  }
  if (!isLocal) {
    throw invalid(
      'security.secret is missing: nodes that share a store must sign tickets alike. Make one with: openssl rand -base64 32',
    );
  }
  return `${random.id()}${random.id()}`;
};

/** Per tenant, resolved and checked once each. */
const policies = (given: PresenceOptions['policy']): ((tenant: string) => Policy) => {
  if (typeof given !== 'function') {
    const policy = resolvePolicy(given);
    return () => policy;
  }
  const byTenant = new Map<string, Policy>();
  return (tenant) => {
    let policy = byTenant.get(tenant);
    if (!policy) {
      policy = resolvePolicy(given(tenant));
      byTenant.set(tenant, policy);
    }
    return policy;
  };
};

/** @throws PresenceError `invalid_options` for a sink beside a store that needs none */
const resolveStore = (
  { store, sink }: Pick<PresenceOptions, 'store' | 'sink'>,
  parts: Pick<ResolvedOptions, 'clock' | 'logger' | 'policyOf'>,
): ResolvedOptions['store'] => {
  const live = store ?? memoryStore({ clock: parts.clock });
  if (!sink) return live;
  if (live.durability === 'durable') {
    throw invalid('sink is for stores that are not durable, and this one is. Leave sink out.');
  }
  return createDurableStore({ ...parts, live, sink });
};

const checkShape = (options: object): void => {
  for (const key of Object.keys(options)) {
    if (!KNOWN.includes(key)) {
      throw invalid(`"${key}" is not an option. Known: ${KNOWN.join(', ')}.`);
    }
  }
};

/**
 * Fills in every default, once.
 *
 * @throws PresenceError `invalid_options` or `invalid_policy`: what was seen and what to do
 */
export const resolveOptions = <Request>(
  options: PresenceOptions<Request>,
): ResolvedOptions<Request> => {
  checkShape(options);
  const { security = {} } = options;
  if (typeof options.authenticate !== 'function') {
    throw invalid(
      'authenticate is missing. Pass a function that names the signed-in user of a request: (request) => request.user && { userId: request.user.id }',
    );
  }
  if (options.admin === true && security.authorize === undefined) {
    throw invalid(
      'admin needs security.authorize, which says who is one: (principal, action) => !action.startsWith("admin:") || principal.roles?.includes("admin") === true',
    );
  }
  const clock: Clock = options.testing?.clock ?? systemClock;
  const random: Random = options.testing?.random ?? systemRandom;
  const policyOf = policies(options.policy);
  const logger = options.logger ?? SILENT;
  const store = resolveStore(options, { clock, logger, policyOf });
  return Object.freeze({
    authenticate: options.authenticate,
    store,
    policyOf,
    origins: resolveOrigins(security.origins),
    secret: resolveSecret(security.secret, store.isLocal === true, random),
    authorize: security.authorize ?? ALLOW_ALL,
    limits: resolveLimits(security.limits),
    trustProxy: security.trustProxy === true,
    sources: options.sources ?? {},
    hasAdmin: options.admin === true,
    history: resolveHistory(options.history, store, options.sink?.history),
    hasOpenApi: options.openapi === true,
    metrics: resolveMetrics(options.metrics),
    logger,
    clock,
    random,
  });
};
