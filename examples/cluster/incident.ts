import type { Instant } from '@presence/core';

/** A node that is gone, or going, until everybody who was on it is accounted for. */
export interface Incident {
  readonly how: 'killed' | 'drained';
  readonly since: Instant;
  /** They count until then at most. */
  readonly until: Instant;
  /** Who is not back yet. */
  readonly missing: Set<string>;
  /** Node → how many came back there. */
  readonly back: Map<number, number>;
  /** Who was seen leaving meanwhile. */
  readonly left: Set<string>;
  lastBackAt: Instant;
}

export interface Told {
  readonly tone: 'plain' | 'waiting' | 'good' | 'bad';
  readonly detail: string;
}

const people = (count: number): string => (count === 1 ? '1 person' : `${count} people`);

const TIME = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' });

const seconds = (ms: number): string => `${(Math.max(100, ms) / 1000).toFixed(1)} s`;

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

const placesOf = ({ back }: Incident): string => {
  const nodes = [...back].sort(([left], [right]) => left - right);
  if (nodes.length === 1) return `on node ${nodes[0]?.[0]}`;
  return listed(nodes.map(([node, count]) => `${count} on node ${node}`));
};

const backOf = ({ back }: Incident): number =>
  [...back.values()].reduce((sum, count) => sum + count, 0);

const held = (incident: Incident): string => {
  const count = backOf(incident) + incident.missing.size;
  const time = TIME.format(incident.until);
  if (incident.how === 'killed') {
    return `${people(count)} hung on its lease, which counts until ${time} at the latest.`;
  }
  const asked = count === 1 ? 'is asked' : 'are asked';
  return `${people(count)} ${asked} to come back elsewhere, and may take until ${time}.`;
};

const allBack = (incident: Incident, back: number): Told => {
  const { left, since, lastBackAt } = incident;
  const all = back === 1 ? 'The one who was on it' : `All ${back}`;
  const came = `${all} came back within ${seconds(lastBackAt - since)}, ${placesOf(incident)}.`;
  return left.size === 0
    ? { tone: 'good', detail: `${came} Nobody was seen leaving.` }
    : { tone: 'bad', detail: `${came} ${people(left.size)} had been seen leaving.` };
};

/** Everybody is back, or was seen leaving and stayed away. */
export const isSettled = ({ missing, left }: Incident): boolean =>
  [...missing].every((userId) => left.has(userId));

/** What is known of it by now, in words. */
export const told = (incident: Incident): Told => {
  const { missing } = incident;
  const back = backOf(incident);
  if (back + missing.size === 0) return { tone: 'plain', detail: 'Nobody was on it.' };
  if (missing.size === 0) return allBack(incident, back);
  const some = back === 0 ? 'Nobody is back yet.' : `${back} came back, ${placesOf(incident)}.`;
  if (!isSettled(incident)) return { tone: 'waiting', detail: `${held(incident)} ${some}` };
  const detail = `${people(missing.size)} did not come back, and went offline.`;
  return { tone: 'plain', detail: back === 0 ? detail : `${some} ${detail}` };
};
