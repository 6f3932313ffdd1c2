import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  missingSql,
  prepare,
  type DatabaseName,
  type Prepared,
} from '../../../test-fixtures/sql.ts';
import { createPresence } from '../../presence.ts';
import type { Logger, Presence, PresenceOptions } from '../../types.ts';
import { sqlPolicy, sqlStore } from './sql-store.ts';

const DATABASES: readonly DatabaseName[] = ['node:sqlite', 'postgres', 'mariadb'];
const WITHIN = { timeout: 20_000, interval: 20 };

const ignore = (): void => undefined;

describe.each(DATABASES)('processes that share a store on %s', (name) => {
  describe.skipIf(missingSql(name))('and differ', () => {
    let prepared: Prepared;
    const opened: Presence<unknown>[] = [];
    beforeAll(async () => {
      prepared = await prepare(name);
    });
    afterAll(async () => {
      for (const presence of opened) await presence.close();
      await prepared.dispose();
    });

    /** A process that has told the store how it judges, with what it was warned of. */
    const open = async (options: Partial<PresenceOptions>) => {
      const { db, prefix } = prepared;
      const warn = vi.fn<Logger['warn']>();
      const store = sqlStore({ db, prefix });
      const compared = vi.spyOn(store, 'comparePolicy');
      opened.push(
        createPresence({
          authenticate: () => null,
          store,
          security: { secret: 'a secret for tests that is long enough' },
          logger: { debug: ignore, info: ignore, error: ignore, warn },
          ...options,
        }),
      );
      await vi.waitFor(() => expect(compared).toHaveResolved(), WITHIN);
      await compared.mock.results[0]!.value;
      return warn.mock.calls.map(([seen, message]) => ({ ...seen, message }));
    };

    it('S3: are warned of another policy, and of a history that only one of them keeps', async () => {
      expect(await open({})).toEqual([]);
      expect(await open({})).toEqual([]);
      const history = 'Of this process and whoever used this store before only one keeps a history';
      expect(await open({ history: {} })).toEqual([
        {
          settings: ['history: "kept" here, "none" there'],
          message: expect.stringContaining(history),
        },
      ]);
      expect(await open({ history: {} })).toEqual([]);
      expect(await open({ policy: { awayAfterMs: 60_000 } })).toEqual([
        {
          settings: ['awayAfterMs: 60000 here, 300000 there'],
          message: expect.stringContaining('another policy'),
        },
        {
          settings: ['history: "none" here, "kept" there'],
          message: expect.stringContaining(history),
        },
      ]);
      const { db, prefix } = prepared;
      const kept = await sqlPolicy({ db, prefix });
      expect(JSON.parse(kept!)).toMatchObject({ awayAfterMs: 60_000, history: 'none' });
    });
  });
});
