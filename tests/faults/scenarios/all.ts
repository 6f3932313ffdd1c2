import type { Scenario } from '../scenario.ts';
import { allKilled } from './all-killed.ts';
import { clockBack, clockForward } from './clock-moved.ts';
import { clusterFailover } from './cluster-failover.ts';
import { nodeCutOff, nodeDeaf } from './node-cut-off.ts';
import { nodeKilled } from './node-killed.ts';
import { redisBackEmpty, redisBackWithData } from './redis-killed.ts';
import { redisStopped } from './redis-stopped.ts';
import { rollingRestart } from './rolling-restart.ts';
import { signOutLost } from './sign-out-lost.ts';
import { subscriberCut, subscriberDeaf, subscriberReset, subscriberSlow } from './subscriber.ts';

/** Every fault that is played, in the order of the rotation. */
export const SCENARIOS: readonly Scenario[] = [
  nodeKilled,
  redisBackEmpty,
  subscriberReset,
  allKilled,
  redisBackWithData,
  subscriberDeaf,
  clusterFailover,
  clockForward,
  subscriberCut,
  redisStopped,
  clockBack,
  subscriberSlow,
  rollingRestart,
  signOutLost,
  nodeCutOff,
  nodeDeaf,
];
