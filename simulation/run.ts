// npm run simulate -- --seeds 200 --steps 400 --first 1
import { parseArgs } from 'node:util';
import { PROPERTIES } from './properties/all.ts';
import { simulate, type Outcome } from './simulate.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '100' },
    first: { type: 'string', default: '1' },
    steps: { type: 'string', default: '300' },
    log: { type: 'boolean', default: false },
  },
});

const steps = Number(values.steps);
const first = Number(values.seed ?? values.first);
const count = values.seed === undefined ? Number(values.seeds) : 1;

const inHours = (ms: number): string => (ms / 3_600_000).toFixed(1);

const report = ({ seed, violation, last }: Outcome): void => {
  if (!violation) return;
  console.log(`\nSeed ${seed}, step ${violation.step}: ${violation.property} does not hold.`);
  console.log(`  ${violation.text}\n`);
  console.log(`  What happened last:`);
  for (const line of last.slice(-40)) console.log(`    ${line}`);
  console.log(`\n  Repeat it: npm run simulate -- --seed ${seed} --steps ${steps}\n`);
};

const startedAt = performance.now();
let virtualMs = 0;
let events = 0;
let done = 0;
const failed: Outcome[] = [];

for (let seed = first; seed < first + count; seed += 1) {
  const outcome = await simulate({ seed, steps });
  virtualMs += outcome.virtualMs;
  events += outcome.events;
  done += outcome.steps;
  if (outcome.violation) failed.push(outcome);
  if (failed.length <= 3) report(outcome);
  if (values.log) for (const line of outcome.last) console.log(line);
}

const seconds = (performance.now() - startedAt) / 1000;
console.log(
  `${count} seeds from ${first}, ${done} steps, ${events} events, ${inHours(virtualMs)} h of virtual time; ` +
    `${PROPERTIES.length} properties: ${PROPERTIES.map(({ id }) => id).join(' ')}`,
);
console.log(
  `${seconds.toFixed(1)} s: ${Math.round(done / seconds)} steps/s, ` +
    `${Math.round(virtualMs / 1000 / seconds)} times as fast as life`,
);
if (failed.length > 0) {
  const names = failed.map(({ seed, violation }) => `${seed} (${violation?.property})`);
  console.log(`${failed.length} of ${count} seeds failed: ${names.join(', ')}`);
  process.exitCode = 1;
}
