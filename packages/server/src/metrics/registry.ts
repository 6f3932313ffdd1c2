import { PresenceError } from '@presence/core';

/** One line of a metric. */
export interface Sample {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  /** Where it is not the metric's own, as `…_bucket` of a histogram. */
  readonly metricName?: string;
}

/** A metric whose values are found out when somebody scrapes. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** How a cluster of processes puts its values together: a number that all share is no sum. */
  readonly aggregator?: 'sum' | 'max';
  read(): readonly Sample[] | Promise<readonly Sample[]>;
}

/** As much of a registry of `prom-client` 15 as is needed here; the application makes it and passes it in. */
export interface MetricsRegistry {
  readonly contentType: string;
  metrics(): Promise<string>;
  registerMetric(metric: never): void;
  getSingleMetric(name: string): unknown;
  removeSingleMetric(name: string): void;
}

/**
 * What a registry asks of a metric. Its own classes hold values that grow with each event; these
 * are read from plain numbers, so that nothing but an addition happens between two scrapes.
 */
const metricOf = ({ name, help, type, aggregator = 'sum', read }: Family) => ({
  // A registry of OpenMetrics renames counters.
  name,
  help,
  type,
  aggregator,
  async get() {
    return { name: this.name, help, type, aggregator, values: await read() };
  },
  reset: () => undefined,
});

/**
 * Adds these metrics to the application's registry, and gives back how to take them out.
 *
 * @throws PresenceError `invalid_options` where it has one of that name
 */
export const register = (registry: MetricsRegistry, families: readonly Family[]): (() => void) => {
  const taken = families.find(({ name }) => registry.getSingleMetric(name) !== undefined);
  if (taken) {
    throw new PresenceError(
      'invalid_options',
      `[presence/metrics] The registry has a metric "${taken.name}" already: another presence of this process is in it. Give each a registry of its own.`,
    );
  }
  const metrics = families.map(metricOf);
  for (const metric of metrics) registry.registerMetric(metric as never);
  return () => {
    for (const { name } of metrics) registry.removeSingleMetric(name);
  };
};
