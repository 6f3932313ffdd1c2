import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DATABASES } from '../../../test-fixtures/people.ts';
import {
  connect,
  missingSql,
  prepare,
  sqlParts,
  type DatabaseName,
  type Prepared,
} from '../../../test-fixtures/sql.ts';
import { PULSE_OLD_MS } from '../store.ts';
import type { Now } from './instant.ts';
import type { Parts } from './parts.ts';
import { createReady, readMeta, type Ready } from './ready.ts';

/** Others have no such statement. */
const IN_ONE = DATABASES.filter((name) => name !== 'mariadb');

describe.each(IN_ONE)('the pulse on %s', (name) => {
  describe.skipIf(missingSql(name))('written over a young one', () => {
    let prepared: Prepared;
    let parts: Parts;
    let ready: Ready;
    /** What the row says, a second later. */
    let seen: Now;
    beforeAll(async () => {
      prepared = await prepare(name);
      parts = sqlParts(prepared);
      ready = createReady(parts);
    });
    afterAll(() => prepared.dispose());
    beforeEach(async () => {
      const written = await ready.pulse();
      seen = { ...written, at: written.at + 1000 };
    });
    const stored = async () => (await readMeta(parts, prepared.db))!;

    it('S2: takes one statement', async () => {
      expect(await ready.beat(seen)).toBe(true);
      expect(await stored()).toMatchObject({ pulseAt: seen.at, pardon: seen.pardon });
    });

    it('S2: is nobody’s who read another one', async () => {
      expect(await ready.beat({ ...seen, pulseAt: seen.pulseAt - 1 })).toBe(false);
      expect(await stored()).toMatchObject({ pulseAt: seen.pulseAt });
    });

    it('S2: is nobody’s who knows nothing of an amnesty', async () => {
      const { meta } = parts.tables;
      await sql`update ${meta.name} set pulse_at = pulse_at - ${2 * PULSE_OLD_MS}`.execute(
        prepared.db,
      );
      const granted = await ready.pulse();
      expect(granted.pardon).toBe(seen.pardon + 1);
      expect(await ready.beat({ ...seen, pulseAt: granted.pulseAt })).toBe(false);
      expect((await stored()).pulseAt).toBe(granted.pulseAt);
    });
  });
});

describe.each<DatabaseName>(['postgres', 'mariadb'])('the pulse on %s', (name) => {
  it.skipIf(missingSql(name))('S19: waits for nobody who has locked its row', async () => {
    const prepared = await prepare(name);
    const parts = sqlParts(prepared);
    const ready = createReady(parts);
    const seen = await ready.pulse();
    const other = connect(name);
    await other.transaction().execute(async (tx) => {
      await readMeta(parts, tx, true);
      expect(await ready.beat({ ...seen, at: seen.at + 1000 })).toBe(false);
    });
    await other.destroy();
    expect(await readMeta(parts, prepared.db)).toMatchObject({ pulseAt: seen.pulseAt });
    await prepared.dispose();
  });
});
