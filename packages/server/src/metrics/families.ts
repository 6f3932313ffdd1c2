import { STATUSES } from '@presence/core';
import type { Node } from '../context.ts';
import { countTrue } from '../admin/true-lists.ts';
import type { Histogram } from './histogram.ts';
import type { Counts, Labelled } from './labelled.ts';
import type { Family, Sample } from './registry.ts';
import type { Tally } from './tally.ts';

type Labels = Sample['labels'];

const labelled = (names: readonly string[], values: readonly string[]): Labels =>
  Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));

const counter = (name: string, help: string, read: () => number): Family => ({
  name: `presence_${name}_total`,
  help,
  type: 'counter',
  read: () => [{ labels: {}, value: read() }],
});

const counters = (
  name: string,
  help: string,
  labels: readonly string[],
  counts: Counts,
): Family => ({
  name: `presence_${name}_total`,
  help,
  type: 'counter',
  read: () =>
    [...counts.entries()].map(([values, value]) => ({ labels: labelled(labels, values), value })),
});

const gauge = (name: string, help: string, read: () => number): Family => ({
  name: `presence_${name}`,
  help,
  type: 'gauge',
  read: () => [{ labels: {}, value: read() }],
});

/** Buckets are cumulative on the wire, and end with one for everything. */
const samplesOf = (name: string, labels: Labels, { bounds, counts, sum }: Histogram): Sample[] => {
  let count = 0;
  const buckets = counts.map((more, index): Sample => {
    count += more;
    const le = bounds[index] ?? '+Inf';
    return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: count };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
};

const histogram = (
  name: string,
  help: string,
  label: string,
  histograms: Labelled<Histogram>,
): Family => ({
  name: `presence_${name}`,
  help,
  type: 'histogram',
  read: () =>
    [...histograms.entries()].flatMap(([values, one]) =>
      samplesOf(`presence_${name}`, labelled([label], values), one),
    ),
});

/** From the store, so every node says the same. Without an answer there is none, and the scrape goes on. */
const users = ({ engine, options }: Node, tenants: readonly string[]): Family => ({
  name: 'presence_users',
  help: 'Users of a tenant by what they truly are, hidden or not, in the whole cluster: take the largest of all nodes, not the sum.',
  type: 'gauge',
  aggregator: 'max',
  read: async () => {
    const counted = tenants.map(async (tenant) => {
      const { byStatus } = await countTrue(engine, tenant);
      return STATUSES.map((status) => ({ labels: { tenant, status }, value: byStatus[status] }));
    });
    const settled = await Promise.allSettled(counted);
    return settled.flatMap((result) => {
      if (result.status === 'fulfilled') return result.value;
      options.logger.warn({ err: result.reason }, '[presence/metrics] Users were not counted.');
      return [];
    });
  },
});

const realtime = (node: Node): readonly Family[] => [
  gauge('connections', 'Sockets of this node.', () => node.stats().connections),
  gauge('sessions', 'Sessions whose socket this node holds.', () => node.stats().sessions),
  gauge(
    'sessions_leaving',
    'Sessions of this node whose link is gone and whose grace runs.',
    () => node.stats().leaving,
  ),
  gauge('watches', 'Watches of clients on this node.', () => node.stats().watches),
  gauge(
    'watched_users',
    'Users whose state this node keeps because somebody watches them.',
    () => node.stats().entries,
  ),
  gauge('draining', '1 while this node is stopping.', () => (node.isDraining() ? 1 : 0)),
];

const comings = (tally: Tally): readonly Family[] => [
  counters(
    'transitions',
    'Changes of a user’s own view by status and cause, as this node committed them.',
    ['status', 'cause'],
    tally.transitions,
  ),
  histogram(
    'time_to_offline_seconds',
    'From the last sign of life, by the policy, to the commit that took the user offline.',
    'cause',
    tally.timeToOffline,
  ),
  counter('flaps', 'Users back within a minute of being lost.', () => tally.flaps),
  counter(
    'ghosts_healed',
    'Users taken offline because nobody renewed their lease.',
    () => tally.ghosts,
  ),
  counter('heartbeats', 'Heartbeats over HTTP.', () => tally.heartbeats),
  counters(
    'refusals',
    'Requests and frames refused, by the code of the error.',
    ['via', 'code'],
    tally.refusals,
  ),
];

const fanOut = (tally: Tally): readonly Family[] => [
  counter('fan_out_flushes', 'Windows whose changes were told.', () => tally.flushes),
  counter(
    'fan_out_seconds',
    'Time in which this process told changes and did nothing else.',
    () => tally.flushMs / 1000,
  ),
  counter('fan_out_changes', 'Changed users that were told of.', () => tally.changes),
  counter('frames_sent', 'Frames to sockets.', () => tally.frames),
  counter('frames_sent_bytes', 'Bytes of the frames to sockets.', () => tally.frameBytes),
];

/** This process's stalls, which may count backwards where the machine's clock was set back. */
const stalled = (node: Node): Family => {
  let most = 0;
  return counter('stalled_seconds', 'For how long the event loop stood still.', () => {
    most = Math.max(most, node.stats().stalledMs / 1000);
    return most;
  });
};

const store = (tally: Tally): readonly Family[] => [
  counter('commits', 'Writes of this node that the store took.', () => tally.commits),
  counters(
    'commit_conflicts',
    'Writes that the store refused and that were tried again.',
    ['reason'],
    tally.conflicts,
  ),
  histogram(
    'store_call_seconds',
    'Calls of the store. None where the store is in this process.',
    'verb',
    tally.storeCalls,
  ),
  counters('store_errors', 'Calls of the store that failed.', ['verb'], tally.storeErrors),
];

const webhooks = ({ webhooks: attached, tally }: Node): readonly Family[] => [
  gauge('webhooks_waiting', 'Webhooks on their way.', () =>
    [...attached.values()].reduce((sum, { waiting }) => sum + waiting, 0),
  ),
  counters(
    'webhook_deliveries',
    'Tries to deliver a webhook, by what became of them.',
    ['outcome'],
    tally.webhookDeliveries,
  ),
];

/** Everything that a scrape tells of one node. No label has more values than its short list. */
export const familiesOf = (node: Node, tenants: readonly string[]): readonly Family[] => [
  users(node, tenants),
  ...realtime(node),
  ...comings(node.tally),
  ...fanOut(node.tally),
  ...store(node.tally),
  ...webhooks(node),
  stalled(node),
];
