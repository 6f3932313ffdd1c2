// What the Redis store asks of one Redis: renewals beside one script per heartbeat with auto-pipelining, changes beside
// bare reads and writes, many nodes on one user, what is answered while Redis stands still, the commands and the memory of
// users at rest, and how long one command keeps Redis. Redis runs beside, on the same cores.
import { changes, oneUser } from './redis/changes.ts';
import { renewals } from './redis/renewals.ts';
import { atRest, heartbeats } from './redis/rest.ts';
import { startBenchRedis } from './redis/server.ts';
import { slowLog } from './redis/slow-log.ts';
import { stopped } from './redis/stopped.ts';
import { machine } from './sides.ts';

const server = await startBenchRedis();
console.log(`One Redis ${await server.version()} beside. ${machine()}`);
try {
  await renewals(server);
  await changes(server);
  await oneUser(server);
  await heartbeats(server);
  await stopped(server);
  await server.redis.flushall();
  await slowLog(server);
  await server.redis.flushall();
  await atRest(server);
} finally {
  await server.stop();
}
process.exit();
