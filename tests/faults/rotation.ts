import { FULL, SHORT, type Scale } from './scale.ts';
import type { Scenario } from './scenario.ts';

/** Which scenarios a run plays, and how large. */
export interface Rotation {
  readonly scale: Scale;
  readonly scenarios: readonly Scenario[];
  /** For people: what runs, and how to repeat it. */
  readonly text: string;
}

const DAY_MS = 86_400_000;
/** In one run of the tests. */
const AT_ONCE = 3;

type Environment = Readonly<Record<string, string | undefined>>;

/** What the run of today plays, or a run that is to be repeated. */
export const seedOf = (environment: Environment, now: number): number =>
  Number(environment['PRESENCE_FAULTS_SEED'] ?? Math.floor(now / DAY_MS));

/** Some of a list, others with each seed, all of them in turn. */
export const turn = <Item>(items: readonly Item[], seed: number, count: number): Item[] =>
  Array.from(
    { length: Math.min(count, items.length) },
    (_, step) => items[(seed * count + step) % items.length]!,
  );

/**
 * All of them, large, for `npm run faults`; a few, small, in `npm test`: others each day.
 *
 * @param environment PRESENCE_FAULTS: `all`, or names with commas; PRESENCE_FAULTS_SEED; PRESENCE_FAULTS_SCALE
 */
export const rotationOf = (
  all: readonly Scenario[],
  environment: Environment,
  now: number,
): Rotation => {
  const asked = environment['PRESENCE_FAULTS'];
  const seed = seedOf(environment, now);
  const isShort = environment['PRESENCE_FAULTS_SCALE'] === 'short' || !asked;
  const scenarios = !asked
    ? turn(all, seed, AT_ONCE)
    : all.filter(({ name }) => asked === 'all' || asked.split(',').includes(name));
  if (scenarios.length === 0) {
    const known = all.map(({ name }) => name).join(', ');
    throw new Error(`[presence/tests] No fault is called ${asked}. There are: ${known}.`);
  }
  const names = scenarios.map(({ name }) => name).join(', ');
  const repeat = asked ? '' : `; repeat it with PRESENCE_FAULTS_SEED=${seed}`;
  return {
    scale: isShort ? SHORT : FULL,
    scenarios,
    text: `[presence/tests] Faults of this run: ${names}${repeat}`,
  };
};
