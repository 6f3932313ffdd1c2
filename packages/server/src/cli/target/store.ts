import { createEngine } from '../../engine/engine.ts';
import type { Engine } from '../../engine/types.ts';
import type { PresenceStore } from '../../stores/store.ts';
import { systemRandom } from '../../system-random.ts';
import type { Call } from '../call.ts';

/** A store with an engine that judges as the application does, and is no server: nobody hangs on it. */
export interface Opened {
  readonly store: PresenceStore;
  readonly engine: Engine;
  /** How the servers judge, as far as the store knows; `null`: it does not. */
  keptPolicy(): Promise<string | null>;
}

type Lent = Omit<Opened, 'engine'>;

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
  work: (lent: Lent) => Promise<Answer>,
): Promise<Answer> => {
  const [{ sqlStore, sqlPolicy }, { withDatabase }] = await Promise.all([
    import('../../stores/sql/sql-store.ts'),
    import('./database.ts'),
  ]);
  return withDatabase(call, { mayCreate: false }, async (db) => {
    const options = { db, ...call.place, deadlineMs: DEADLINE_MS };
    const store = sqlStore(options);
    if (call.options.history) store.keepHistory?.();
    try {
      return await work({ store, keptPolicy: () => sqlPolicy(options) });
    } finally {
      await store.close();
    }
  });
};

/** More than a server would wait: nobody stands in a queue behind a command. */
const DEADLINE_MS = 5000;

const withRedis = async <Answer>(
  call: Call,
  work: (lent: Lent) => Promise<Answer>,
): Promise<Answer> => {
  const { openRedis } = await import('./redis.ts');
  const store = openRedis(call, DEADLINE_MS);
  try {
    return await work({ store, keptPolicy: async () => null });
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
  return lend(call, (lent) => work({ ...lent, engine: engineOf(call, lent.store) }));
};
