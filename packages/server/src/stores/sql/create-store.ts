import type { PresenceStore } from '../store.ts';
import { createCommit } from './commit/commit.ts';
import { createDue } from './due.ts';
import { closed } from './failures.ts';
import { createFeed } from './feed/feed.ts';
import type { ListenPool } from './feed/listening.ts';
import { createSignal } from './feed/signal.ts';
import { createSqlHistory } from './history/sql-history.ts';
import { createRenew } from './leases/renew.ts';
import { createCount } from './lists/count.ts';
import { createFind } from './lists/find.ts';
import { readJudged } from './lists/judged.ts';
import { createLoads } from './loads.ts';
import { createSqlOutbox } from './outbox/sql-outbox.ts';
import type { Parts } from './parts.ts';
import { createComparePolicy } from './policy.ts';
import { createReady } from './ready.ts';

type Extras = 'nodes' | 'comparePolicy';
type Verbs = Omit<
  PresenceStore,
  'durability' | 'isLocal' | 'reapers' | 'keepHistory' | 'keepOutbox' | 'close' | Extras
> &
  Required<Pick<PresenceStore, Extras>>;

/** One page waits for its database while another one is written. A database with one writer gains nothing by it. */
const REAPERS = 2;

/** Refuses everything once the store is closed. */
const guarded = (verbs: Verbs, isClosed: () => boolean): Verbs => {
  const guard =
    <Args extends unknown[], Answer>(verb: (...args: Args) => Answer | Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      if (isClosed()) throw closed();
      return verb(...args);
    };
  return {
    load: guard(verbs.load),
    commit: guard(verbs.commit),
    renew: guard(verbs.renew),
    due: guard(verbs.due),
    find: guard(verbs.find),
    count: guard(verbs.count),
    subscribe: guard(verbs.subscribe),
    signal: guard(verbs.signal),
    nodes: guard(verbs.nodes),
    comparePolicy: guard(verbs.comparePolicy),
  };
};

/** The store over its parts. `sqlStore` fills in what applications leave out. */
export const createSqlStore = (
  parts: Parts,
  pollMs: number,
  pool: ListenPool | null = null,
): PresenceStore => {
  const ready = createReady(parts);
  const loads = createLoads(parts, ready);
  const feed = createFeed(parts, ready, pollMs, pool);
  let keepsHistory = false;
  const verbs: Verbs = {
    load: loads.load,
    commit: createCommit(parts, ready, {
      loads,
      onCommit: feed.hint,
      keepsHistory: () => keepsHistory,
    }),
    renew: createRenew(parts, ready),
    due: createDue(parts, ready, loads),
    find: createFind(parts, ready, loads),
    count: createCount(parts, ready, loads),
    subscribe: feed.subscribe,
    signal: createSignal(parts, ready, feed.hint),
    comparePolicy: createComparePolicy(parts, ready),
    nodes: () => parts.attempts(async () => (await readJudged(parts, ready)).living),
  };
  let isClosed = false;
  return {
    durability: 'durable',
    reapers: parts.dialect.locksRows ? REAPERS : 1,
    ...guarded(verbs, () => isClosed),
    keepHistory: () => {
      keepsHistory = true;
      return createSqlHistory(parts, ready);
    },
    keepOutbox: () => createSqlOutbox(parts, ready),
    close: async () => {
      isClosed = true;
      feed.close();
    },
  };
};
