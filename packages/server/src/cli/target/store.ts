import { createEngine } from '../../engine/engine.ts';
import type { Engine } from '../../engine/types.ts';
import type { PresenceStore } from '../../stores/store.ts';
import { systemRandom } from '../../system-random.ts';
import type { Call } from '../call.ts';

/** A store with an engine that judges as the application does, and is no server: nobody hangs on it. */
export interface Opened {
  readonly store: PresenceStore;
  readonly engine: Engine;
}

const engineOf = ({ policy, io }: Call, store: PresenceStore): Engine =>
  createEngine({
    store,
    clock: io.clock,
    random: systemRandom,
    policyOf: () => policy,
    onCommit: () => undefined,
    onLeaseLost: async () => undefined,
  });

const withSql = async <Answer>(
  call: Call,
  work: (store: PresenceStore) => Promise<Answer>,
): Promise<Answer> => {
  const [{ sqlStore }, { withDatabase }] = await Promise.all([
    import('../../stores/sql/sql-store.ts'),
    import('./database.ts'),
  ]);
  return withDatabase(call, { mayCreate: false }, async (db) => {
    const store = sqlStore({ db, ...call.place, deadlineMs: DEADLINE_MS });
    if (call.options.history) store.keepHistory?.();
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  });
};

/** More than a server would wait: nobody stands in a queue behind a command. */
const DEADLINE_MS = 5000;

const withRedis = async <Answer>(
  call: Call,
  work: (store: PresenceStore) => Promise<Answer>,
): Promise<Answer> => {
  const { openRedis } = await import('./redis.ts');
  const store = openRedis(call, DEADLINE_MS);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
};

/** Lends the store of the call, and closes it. */
export const withStore = <Answer>(
  call: Call,
  work: (opened: Opened) => Promise<Answer>,
): Promise<Answer> => {
  const lend = call.address.kind === 'redis' ? withRedis : withSql;
  return lend(call, (store) => work({ store, engine: engineOf(call, store) }));
};
