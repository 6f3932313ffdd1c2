import type { Loaded } from '@presence/core';
import type { FindAnswer, FindQuery, PresenceStore } from '../../store.ts';
import { batched } from '../../shared/batched.ts';
import type { Loads } from '../loads.ts';
import type { Parts } from '../parts.ts';
import type { Ready } from '../ready.ts';
import { loadedOf, nameOf, type Read } from '../users.ts';
import { readJudged, type Judged } from './judged.ts';
import { MOST_OVERDUE, settledOverdue } from './overdue.ts';
import { readPicked, type Asked } from './picked.ts';

interface Member {
  /** As it stands in columns. */
  readonly text: string;
  readonly userId: string;
  readonly isLate: boolean;
}

/** Members of each list, by id. Some are told twice: as overdue, and by what is written of them. */
const membersOf = ({ texts }: Parts, read: Read, lists: number): readonly (readonly Member[])[] => {
  const found = Array.from({ length: lists }, () => new Map<string, Member>());
  for (const { kind, tenant: place, user_id: text } of read.others) {
    const members = found[Number(place)]!;
    const isLate = kind === 'late';
    if (isLate || !members.has(text)) members.set(text, { text, userId: texts.out(text), isLate });
  }
  return found.map((members) =>
    [...members.values()].sort((a, b) => (a.userId < b.userId ? -1 : 1)),
  );
};

interface Found {
  readonly read: Read;
  readonly loads: Loads;
  readonly now: Judged['now'];
  readonly members: readonly Member[];
}

const answerOf = async (
  { texts }: Parts,
  { limit, after, ...query }: FindQuery,
  { read, loads, now, members }: Found,
): Promise<FindAnswer> => {
  const tenant = texts.in(query.tenant);
  const page = members.slice(0, limit).map(({ text, userId, isLate }) => ({
    userId: text,
    isLate,
    key: { tenant: query.tenant, userId },
  }));
  const items: Loaded[] = page
    .filter(({ isLate }) => !isLate)
    .map(({ key, userId }) => loadedOf(read, key, nameOf(tenant, userId)));
  const asked = page.filter(({ isLate }) => isLate);
  const late = members.reduce((sum, { isLate }) => sum + Number(isLate), 0);
  return {
    at: now.at,
    items,
    overdue: await settledOverdue(read, loads, tenant, asked),
    end: page.at(-1)?.key.userId ?? after,
    more: members.length > limit,
    ...(late > MOST_OVERDUE && { crowded: true }),
    ...(now.isOld && { pulseOld: true }),
  };
};

/** So many lists are read by one statement. */
const MOST_LISTS = 8;

interface Ask {
  readonly query: FindQuery;
  /** As it stands in columns. */
  readonly tenant: string;
  readonly asked: Asked;
}

/** Lists of a tenant that are asked for together are read together, by one look at the clock. */
export const createFind = (parts: Parts, ready: Ready, loads: Loads): PresenceStore['find'] => {
  const { texts, attempts } = parts;

  const findIn = async (judged: Judged, tenant: string, asks: readonly Ask[]) => {
    const asked = asks.map((ask) => ask.asked);
    const read = await ready.ask(() => readPicked({ parts, judged, tenant }, asked));
    const members = membersOf(parts, read, asks.length);
    const { now } = judged;
    return Promise.all(
      asks.map(({ query }, place) =>
        answerOf(parts, query, { read, loads, now, members: members[place]! }),
      ),
    );
  };

  /** By the look that all of them share; whoever tries again looks again, for it may be the look that failed. */
  const tryIn = (shared: Promise<Judged>, tenant: string, asks: readonly Ask[]) => {
    let look = () => shared;
    return attempts(async () => {
      const judged = look();
      look = () => readJudged(parts, ready);
      return findIn(await judged, tenant, asks);
    });
  };

  /** A tenant's lists fail by themselves. */
  const findAll = async (asks: readonly Ask[]): Promise<readonly Promise<FindAnswer>[]> => {
    const look = readJudged(parts, ready);
    const answers = new Map<Ask, Promise<FindAnswer>>();
    for (const tenant of new Set(asks.map((ask) => ask.tenant))) {
      const its = asks.filter((ask) => ask.tenant === tenant);
      const found = tryIn(look, tenant, its);
      its.forEach((ask, place) =>
        answers.set(
          ask,
          found.then((all) => all[place]!),
        ),
      );
    }
    return asks.map((ask) => answers.get(ask)!);
  };

  const find = batched(MOST_LISTS, findAll);

  // An id that the database cannot hold is this call's alone.
  return async (query) => {
    const { scope, after, status, limit } = query;
    const tenant = texts.in(query.tenant);
    const asked: Asked = {
      scope: texts.in(scope),
      after: texts.in(after),
      status: [...new Set(status)],
      most: limit + 1,
    };
    return find({ query, tenant, asked });
  };
};
