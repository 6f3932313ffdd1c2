import { filtersOf, tenantOf, type Source, type Wanted } from './rows.ts';
import { foundFirst, nearest, readInOrder, whereFull } from './in-order.ts';
import { marked, readWalked, type Read } from './walk.ts';

/*
 * A page of a search in the order of a column, where an index finds texts: on Postgres.
 *
 * Whoever meets a search may stand together anywhere in an order: all with one name. Where the next rows have no page of
 * them, all who meet it are found first, by the index of the search, and put in order then. The search alone decides: one
 * that many meet has no index that helps, and whoever of them has a rare status is met on the way.
 */

/** So many rows are looked at for a page of a search, before the search is left to its own index. */
const NEAR = 500;

/** And so many where a status is asked for besides: with a text to be searched, a row takes longer to be judged. */
const SEARCHED = 2000;

/**
 * And so many of those who were found first, where each one's status is looked up: Postgres puts the first thousand in order
 * without keeping all of them, which takes half the memory, and pages of memory that are new cost time.
 */
const FIRST = 1000;

export const createSearch = (
  source: Source,
  { search, account, status, ...others }: Wanted,
): Read => {
  const isSearched = filtersOf(source, { search });
  const hasStatus = filtersOf(source, { status });
  const within = [...tenantOf(source, others), ...filtersOf(source, { account })];

  return async (order, conditions, limit) => {
    const behind = [...within, ...conditions];
    const near = nearest(nearest(source, order, behind, NEAR), order, isSearched, limit);
    const found = foundFirst(source, order, [...behind, ...isSearched]);
    if (!status) {
      const otherwise = nearest(found, order, [], limit);
      const page = whereFull(near, limit, { whenFull: null, otherwise });
      return { rows: await readInOrder(page, order, [], limit), reached: null };
    }
    const { budget, isInSet } = status;
    const onTheWay = {
      conditions: behind,
      filters: [...isSearched, ...hasStatus],
      budget: Math.min(budget, SEARCHED),
    };
    const first = {
      conditions: [],
      filters: hasStatus,
      budget: isInSet ? budget : Math.min(budget, FIRST),
    };
    const page = whereFull(near, limit, {
      whenFull: marked(source, order, onTheWay, limit),
      otherwise: marked(found, order, first, limit),
    });
    return readWalked(page, order, limit);
  };
};
