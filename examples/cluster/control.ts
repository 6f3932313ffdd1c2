import { randomBytes } from 'node:crypto';
import type { Clock } from '@presence/core';
import type { FoundRedis } from './find-redis.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { createLive, type Live } from './live.ts';
import type { Person } from './people.ts';
import { createPool, type Pool } from './pool.ts';
import { createProxy, type Proxy } from './proxy.ts';
import { createStory } from './story.ts';

/** The example's parts, put together: nodes, proxy, and what the page is told of them. */
export interface Control {
  readonly fleet: Fleet;
  readonly proxy: Proxy;
  readonly live: Live;
  /** Who may ask presence: a simulated person, or a visitor. */
  isSomebody(userId: string): boolean;
  say(title: string, detail?: string): void;
  stop(): Promise<void>;
}

interface ControlParts {
  readonly clock: Clock;
  readonly redis: FoundRedis;
  readonly people: readonly Person[];
  readonly env: NodeJS.ProcessEnv;
}

const NODES = [1, 2, 3];
const PROBE_MS = 500;

/** What nodes get from the one who starts them; in your deployment, from its settings. */
const nodeEnv = ({ redis, env }: ControlParts): NodeJS.ProcessEnv => ({
  REDIS_URL: redis.url,
  PRESENCE_PREFIX: env.PRESENCE_PREFIX ?? 'presence-example',
  PRESENCE_SECRET: env.PRESENCE_SECRET ?? randomBytes(32).toString('base64url'),
  PRESENCE_POLICY: env.CLUSTER_POLICY ?? '{}',
});

/** One that drains is among them: the proxy finds out by asking, as any other would have to. */
const poolOf = ({ cards }: Fleet): Pool =>
  createPool(() => cards().flatMap(({ id, port }) => (port ? [{ id, port }] : [])));

export const createControl = (parts: ControlParts): Control => {
  const { clock, people } = parts;
  const { address, version, isOwn } = parts.redis;
  const story = createStory({ clock, simulated: people, onChange: () => live.changed() });
  const { journal, places } = story;
  const { changed, presence, opened: onOpen, closed: onClose } = story;
  const fleet = createFleet({ clock, ids: NODES, env: nodeEnv(parts), changed, presence });
  const pool = poolOf(fleet);
  const stopProbing = clock.every(PROBE_MS, () => void pool.probe());
  const proxy = createProxy({ pool, onOpen, onClose });
  const live: Live = createLive(clock, () => ({
    now: clock.now(),
    nodes: fleet.cards(),
    people: story.people(),
    places: places.all(),
    journal: journal.entries(),
    seenLeaving: journal.seenLeaving(),
    isDeploying: fleet.isDeploying(),
    redis: { address, version, isOwn },
  }));

  return {
    fleet,
    proxy,
    live,
    isSomebody: (userId) => story.personOf(userId) !== null,
    say: journal.say,
    stop: async () => {
      stopProbing();
      journal.close();
      live.close();
      proxy.close();
      await fleet.kill();
    },
  };
};
