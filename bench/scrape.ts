// What a scrape of the metrics takes with 100,000 users, beside one of prom-client's own default metrics.
import { createPresence } from '@presence/server';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { figure, machine, median } from './sides.ts';

const USERS = 100_000;
const AT_ONCE = 1000;
const ROUNDS = 101;

const msOf = async (registry: Registry): Promise<number> => {
  const startedAt = performance.now();
  await registry.metrics();
  return performance.now() - startedAt;
};

console.log(`A scrape with ${USERS} users on the memory store. ${machine()}`);
const own = new Registry();
collectDefaultMetrics({ register: own });
const registry = new Registry();
const presence = createPresence({ authenticate: () => null, metrics: { registry } });
for (let user = 0; user < USERS; user += AT_ONCE) {
  await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => presence.signIn(`user-${user + i}`)));
}

const ofPresence: number[] = [];
const ofDefaults: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  ofPresence.push(await msOf(registry));
  ofDefaults.push(await msOf(own));
}
const text = await registry.metrics();
if (!text.includes(`status="online"} ${USERS}`)) throw new Error('Not everybody was counted.');
figure('a scrape of presence', median(ofPresence), 'ms', 'at most 20');
figure('the slowest of them', Math.max(...ofPresence), 'ms');
figure('a scrape of the default metrics of prom-client', median(ofDefaults), 'ms');
figure('lines', text.split('\n').length, '');
await presence.close();
process.exit(0);
