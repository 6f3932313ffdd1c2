import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  missingSql,
  prepare,
  type DatabaseName,
  type Prepared,
} from '../../../../test-fixtures/sql.ts';
import { createPresence } from '../../../presence.ts';
import { memoryHistory } from '../../../history/memory-history.ts';
import { memoryStore } from '../../memory/memory-store.ts';
import { sqlStore } from '../sql-store.ts';
import { sqlHistory } from './sql-history.ts';

const DATABASES: readonly DatabaseName[] = ['node:sqlite', 'pglite', 'postgres', 'mariadb'];

const authenticate = (): null => null;
const security = { secret: 'a secret for tests that is long enough' };
const absent = { source: 'admin', holdsAbsent: true } as const;

describe.each(DATABASES)('presence with a history on %s', (name) => {
  describe.skipIf(missingSql(name))('in its tables', () => {
    let prepared: Prepared;
    beforeAll(async () => {
      prepared = await prepare(name);
    });
    afterAll(() => prepared.dispose());

    it('an answered change is in it, is told, and is erased with all that is held of it', async () => {
      const { db, prefix } = prepared;
      const store = sqlStore({ db, prefix });
      const presence = createPresence({ authenticate, security, store, history: {} });
      await presence.claim('ada', 'busy', absent);
      await presence.release('ada', { source: 'admin' });
      const { steps } = await presence.history.read('ada');
      expect(steps.map(({ status, cause }) => `${status} ${cause}`)).toEqual([
        'offline released',
        'busy claimed',
      ]);
      const { days } = await presence.history.insights('ada', { days: 1 });
      expect(days[0]!.byStatus.busy).toBe(steps[0]!.at - steps[1]!.at);
      expect((await presence.history.peaks({ days: 1 })).peak?.count).toBe(1);

      expect(await presence.history.erase('ada')).toEqual({ erased: 2 });
      expect((await presence.history.read('ada')).steps).toEqual([]);
      expect((await presence.explain('ada')).transitions).toEqual([]);
      await presence.claim('ada', 'dnd', absent);
      expect((await presence.history.read('ada')).steps).toMatchObject([{ status: 'dnd' }]);
      await presence.forget('ada');
      expect((await presence.history.read('ada')).steps).toEqual([]);
      await presence.close();
      await store.close();
    });

    it('presence that lives elsewhere has it there too, after a moment', async () => {
      const { db, prefix } = prepared;
      const history = { keep: sqlHistory({ db, prefix }) };
      const presence = createPresence({ authenticate, security, history });
      await presence.claim('bob', 'busy', absent);
      await presence.close();
      const step = await history.keep.stepBefore(
        { tenant: 'default', userId: 'bob' },
        Number.MAX_SAFE_INTEGER,
      );
      expect(step).toMatchObject({ status: 'busy', cause: 'claimed' });
    });
  });
});

it('a store that keeps the history itself takes no other', async () => {
  const store = { ...memoryStore(), keepHistory: memoryHistory };
  const history = { keep: memoryHistory() };
  expect(() => createPresence({ authenticate, security, store, history })).toThrow(
    /history\.keep is set, and the store keeps the history itself/,
  );
});
