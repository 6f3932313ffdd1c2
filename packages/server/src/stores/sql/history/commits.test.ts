import { resolvePolicy, type Key, type Step } from '@presence/core';
import { createSeededRandom, createVirtualClock } from '@presence/core/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  missingSql,
  prepare,
  sqlParts,
  type DatabaseName,
  type Prepared,
} from '../../../../test-fixtures/sql.ts';
import { createEngine } from '../../../engine/engine.ts';
import type { Engine } from '../../../engine/types.ts';
import type { PresenceStore } from '../../store.ts';
import { createSqlStore } from '../create-store.ts';

const DATABASES: readonly DatabaseName[] = ['node:sqlite', 'pglite', 'postgres', 'mariadb'];
const USERS = ['ada', 'bob', 'Bob', 'c\u{1F431}'] as const;
const ALWAYS = { from: 0, until: Number.MAX_SAFE_INTEGER };

const never = (): never => {
  throw new Error('No lease is shared here.');
};

describe.each(DATABASES)('%s', (name) => {
  describe.skipIf(missingSql(name))('steps of commits', () => {
    let prepared: Prepared;
    beforeAll(async () => {
      prepared = await prepare(name);
    });
    afterAll(() => prepared.dispose());

    const createStage = () => {
      const clock = createVirtualClock();
      const now = { now: () => sql.lit(clock.now()) };
      const made = new Map<string, Step[]>();
      const engineOn = (store: PresenceStore, seed: number): Engine =>
        createEngine({
          store,
          clock: { ...clock, after: (_, run) => (queueMicrotask(run), () => undefined) },
          random: createSeededRandom(seed),
          policyOf: () => resolvePolicy(),
          onCommit: ({ key, write }) => {
            made.set(key.userId, [...(made.get(key.userId) ?? []), ...write.steps]);
          },
          onLeaseLost: never,
        });
      const stores = [1, 2].map(() => createSqlStore(sqlParts(prepared, now), 50));
      return { clock, made, stores, engineOn };
    };
    const keyOf = (userId: string): Key => ({ tenant: 'acme', userId });

    it('nothing is kept where nobody asked for it', async () => {
      const { stores, engineOn } = createStage();
      await engineOn(stores[0]!, 1).execute({ tenant: 'off', userId: 'ada' }, { type: 'touch' });
      const history = stores[0]!.keepHistory!();
      expect(await history.presentAt('off', ALWAYS.until)).toEqual([]);
    });

    it('none is missed and none invented, whoever collides with whom', async () => {
      const { clock, made, stores, engineOn } = createStage();
      const histories = stores.map((store) => store.keepHistory!());
      const engines = stores.map((store, index) => engineOn(store, index + 1));
      for (let round = 0; round < 12; round += 1) {
        const commands = USERS.flatMap((userId, index) =>
          engines.map((engine, each) =>
            engine.execute(
              keyOf(userId),
              (round + index + each) % 3 === 0
                ? { type: 'touch' }
                : { type: 'claim', source: `s${each}`, status: 'busy', message: `${round}` },
            ),
          ),
        );
        await Promise.all(commands);
        await clock.advance(70_000);
        if (round % 3 === 2) await Promise.all(engines.map((engine) => engine.reap(100)));
      }
      for (const userId of USERS) {
        const { steps } = await histories[0]!.read({
          ...ALWAYS,
          key: keyOf(userId),
          order: 'oldest',
          after: null,
          limit: 1000,
        });
        const told = (made.get(userId) ?? []).sort((a, b) => a.revision - b.revision);
        expect(told.length).toBeGreaterThan(10);
        expect(steps).toEqual(told);
      }
    });
  });
});
