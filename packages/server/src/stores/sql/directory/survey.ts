import type { Clock, Status } from '@presence/core';
import { sql } from 'kysely';
import { createLook, FEW, type Seen } from './look.ts';
import type { PresenceParts } from './presence-parts.ts';
import { createRecent } from './recent.ts';
import type { Sizes, WrittenStatus } from './written-status.ts';

/*
 * What is known before a page is read: how long the lists are that may say who is on it, who they are where they are few,
 * and who is overdue.
 */

/** So many are read into a set sooner than each user is looked for among them. */
const SET = 10_000;

export interface Survey extends Seen {
  readonly sizes: Sizes;
}

const sizesOf = (shown: number, hiding: number): Sizes => ({
  isFew: shown === 0 && hiding === 0,
  isShownSet: shown < 2,
  isHidingSet: hiding < 2,
});

/** How long lists are, or were a moment ago. */
const createSizes = ({ db }: PresenceParts, written: WrittenStatus, clock: Clock) => {
  const known = createRecent<Sizes>(clock);
  return async (tenant: string, statuses: readonly Status[]): Promise<Sizes> => {
    if (statuses.length === 0) return sizesOf(0, 0);
    const name = JSON.stringify([tenant, statuses]);
    const before = known.get(name);
    if (before) return before;
    const [shown, hiding] = written.sizes(tenant, statuses, FEW, SET);
    const { rows } = await sql<{ shown: unknown; hiding: unknown }>`select
      ${shown} as shown, ${hiding} as hiding`.execute(db);
    const row = rows[0]!;
    const sizes = sizesOf(Number(row.shown), Number(row.hiding));
    known.set(name, sizes);
    return sizes;
  };
};

export const createSurvey = (parts: PresenceParts, written: WrittenStatus, clock: Clock) => {
  const look = createLook(parts, written, clock);
  const sizesOfLists = createSizes(parts, written, clock);
  return async (
    tenant: string,
    statuses: readonly Status[],
    isFewAsked: boolean,
  ): Promise<Survey> => {
    const sizes = await sizesOfLists(tenant, statuses);
    return { sizes, ...(await look(tenant, sizes.isFew && isFewAsked ? statuses : null)) };
  };
};
