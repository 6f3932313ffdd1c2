import { PresenceError } from '@presence/core';
import { DEFAULT_TENANT } from '../tenant/tenant.ts';
import type { MetricsRegistry } from './registry.ts';

/** What {@link PresenceOptions.metrics} takes. */
export interface MetricsOptions {
  /** The application's registry of `prom-client`, where the metrics of presence join its own. */
  readonly registry: MetricsRegistry;
  /** Whose users are counted by status, each a label of `presence_users`. Default: `default` alone. */
  readonly tenants?: readonly string[];
  /**
   * Mounts `GET /metrics` with everything in the registry: for whoever sends `token` as a bearer
   * token (at least 16 characters), or for everybody, where the application protects the route
   * itself. Default: not mounted.
   */
  readonly route?: { readonly token: string } | 'protected-by-application';
}

/** The same, checked. */
export interface ResolvedMetrics {
  readonly registry: MetricsRegistry;
  readonly tenants: readonly string[];
  /** `null`: whoever comes. */
  readonly route: { readonly token: string | null } | null;
}

/** Each is asked of the store at each scrape. */
const MOST_TENANTS = 50;

const SHORTEST_TOKEN = 16;

const invalid = (what: string): PresenceError =>
  new PresenceError('invalid_options', `[presence/options] ${what}`);

const resolveRoute = (route: MetricsOptions['route']): ResolvedMetrics['route'] => {
  if (route === undefined) return null;
  if (route === 'protected-by-application') return { token: null };
  const { token } = route;
  if (typeof token === 'string' && token.length >= SHORTEST_TOKEN) return { token };
  throw invalid(
    `metrics.route takes { token } of at least ${SHORTEST_TOKEN} characters, or "protected-by-application".`,
  );
};

/** @throws PresenceError `invalid_options` */
export const resolveMetrics = (given: MetricsOptions | undefined): ResolvedMetrics | null => {
  if (given === undefined) return null;
  const { registry, tenants = [DEFAULT_TENANT], route } = given;
  if (typeof registry?.registerMetric !== 'function') {
    throw invalid('metrics.registry must be a registry of prom-client: new Registry().');
  }
  if (tenants.length > MOST_TENANTS) {
    throw invalid(
      `metrics.tenants may name ${MOST_TENANTS} tenants, for each is counted at each scrape: saw ${tenants.length}.`,
    );
  }
  return { registry, tenants: [...new Set(tenants)], route: resolveRoute(route) };
};
