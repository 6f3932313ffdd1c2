import { STATUSES, type Clock, type Status } from '@presence/core';
import { sql, type RawBuilder } from 'kysely';
import type { PresenceParts } from './presence-parts.ts';
import { MOST_OVERDUE } from './look.ts';
import { createSurvey, type Survey } from './survey.ts';
import { constant, createWrittenStatus } from './written-status.ts';

/*
 * Which users may truly have a status. What is written down is in indexes, and whoever time has changed
 * since is overdue: those are few, and are taken besides, to be judged by whoever reads them.
 */

/** A question for statuses, with what the store's tables say of its answer. */
export interface AskedStatus {
  readonly statuses: readonly Status[];
  /** Whoever may have them, where they are few; `null` where they are many. */
  readonly few: readonly string[] | null;
  /** Whom time has changed and nobody has written down yet. */
  readonly overdue: readonly string[];
  /** So many rows of users can be judged for one page. */
  readonly budget: number;
  /** Whether a user is judged in no time: reading their row of the application's table would take most of it. */
  readonly isInSet: boolean;
  /** Nobody can be told from what is written: too many are overdue. Each is judged by their leases. */
  readonly isCrowded: boolean;
  /** Whether the user of this id may have one of them. Whoever truly has is never left out. */
  test(userId: RawBuilder<string>): RawBuilder<boolean>;
}

/** Rows of users for one page, by what it takes to judge one. */
const BUDGETS = Object.freeze({ inSet: 10_000, lookedUp: 4000, byLeases: 1000 });

interface Listed {
  readonly statuses: readonly Status[];
  /** Whoever is not in the lists of those has what is asked for. */
  readonly isOthers: boolean;
}

/** Whoever is offline may be in no list at all: then the others are looked for. */
const listedOf = (statuses: readonly Status[]): Listed =>
  statuses.includes('offline')
    ? { statuses: STATUSES.filter((status) => !statuses.includes(status)), isOthers: true }
    : { statuses, isOthers: false };

/** @param readsFew whether it is of use to know who has them, where few have */
export type AskStatus = (
  tenant: string,
  statuses: readonly Status[],
  readsFew: boolean,
) => Promise<AskedStatus>;

/** Judges the user of an id by their leases. */
type IsTrue = (
  tenant: string,
  userId: RawBuilder<string>,
  statuses: readonly Status[],
) => RawBuilder<boolean>;

type Test = AskedStatus['test'];

export const createAskStatus = (parts: PresenceParts, isTrue: IsTrue, clock: Clock): AskStatus => {
  const { texts } = parts;
  const written = createWrittenStatus(parts);
  const survey = createSurvey(parts, written, clock);

  /** A set where it is worth it. Else what the row of each user says. */
  const writtenTest = (tenant: string, statuses: readonly Status[], { sizes }: Survey): Test => {
    const listed = listedOf(statuses);
    if (listed.statuses.length === 0) return () => constant(true);
    if (!sizes.isShownSet) return (userId) => written.isInRow(tenant, statuses, userId);
    return (userId) => {
      const isIn = written.isListed(tenant, listed.statuses, sizes.isHidingSet, userId);
      return listed.isOthers ? sql<boolean>`not ${isIn}` : isIn;
    };
  };

  return async (tenant, statuses, readsFew) => {
    const listed = listedOf(statuses);
    const surveyed = await survey(tenant, listed.statuses, readsFew && !listed.isOthers);
    const { overdue, few, sizes } = surveyed;
    if (overdue.length > MOST_OVERDUE) {
      return {
        statuses,
        few: null,
        overdue: [],
        budget: BUDGETS.byLeases,
        isInSet: false,
        isCrowded: true,
        test: (userId) => isTrue(tenant, userId, statuses),
      };
    }
    const isWritten = writtenTest(tenant, statuses, surveyed);
    const late = sql.join(overdue.map((id) => texts.in(id)));
    return {
      statuses,
      few: few && [...new Set([...few, ...overdue])],
      overdue,
      budget: sizes.isShownSet ? BUDGETS.inSet : BUDGETS.lookedUp,
      isInSet: sizes.isShownSet,
      isCrowded: false,
      test: (userId) =>
        overdue.length === 0
          ? isWritten(userId)
          : sql<boolean>`(${userId} in (${late}) or ${isWritten(userId)})`,
    };
  };
};
