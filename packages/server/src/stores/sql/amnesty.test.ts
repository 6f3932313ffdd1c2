import { ownLease } from '@presence/core';
import { createVirtualClock } from '@presence/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSuiteStore, prepare, type Prepared } from '../../../test-fixtures/sql.ts';
import { accepted, holding, renews, writeOf } from '../../testing/suite/writes.ts';
import { decodeAmnesties, encodeAmnesties, ending, grantedAt } from './amnesty.ts';

const FIRST = grantedAt(100_000, 50_000, 1);
const SECOND = grantedAt(160_000, 110_000, 2);

describe('when a lease ends after stops of the store', () => {
  it('S2: one that lived at the last pulse lives as long as the amnesty', () => {
    expect(ending([FIRST], 'own', 50_001, 0)).toBe(175_000);
    expect(ending([FIRST], 'shared', 50_001, 0)).toBe(130_000);
  });

  it('S1: one that had ended, or was written after the stop, ends as it is written', () => {
    expect(ending([FIRST], 'own', 50_000, 0)).toBe(50_000);
    expect(ending([FIRST], 'own', 101_000, 1)).toBe(101_000);
    expect(ending([FIRST], 'own', 200_000, 0)).toBe(200_000);
  });

  it('S2: one that an amnesty held up to a second stop has part in the second', () => {
    expect(ending([FIRST, SECOND], 'own', 60_000, 0)).toBe(235_000);
    expect(ending([FIRST, SECOND], 'own', 60_000, 1)).toBe(60_000);
  });

  it('is read as it was written down', () => {
    expect(decodeAmnesties(encodeAmnesties([FIRST, SECOND]))).toEqual([FIRST, SECOND]);
  });
});

describe('a lease that is written while an amnesty holds', () => {
  let prepared: Prepared;
  beforeAll(async () => {
    prepared = await prepare('node:sqlite');
  });
  afterAll(() => prepared.dispose());

  it('S1: is due at its own end, also when it was renewed', async () => {
    const clock = createVirtualClock();
    const { store } = await createSuiteStore(prepared, clock);
    const lease = ownLease('s', 1);
    await store.due(1, 0);
    clock.jump(300_000);
    await store.due(1, 0);
    await accepted(store, writeOf('ada', holding(lease, 4000)));
    clock.jump(3000);
    expect(await renews(store, { id: lease, forMs: 4000 })).toBe(true);
    clock.jump(2000);
    await store.due(1, 0);
    clock.jump(2000);
    expect((await store.due(1, 0)).items.map(({ key }) => key.userId)).toEqual(['ada']);
    await store.close();
  });
});
