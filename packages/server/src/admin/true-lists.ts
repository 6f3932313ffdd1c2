import { hiddenScope, STATUSES, TENANT_SCOPE, type Instant, type Status } from '@presence/core';
import type { Engine, Page, Reading } from '../engine/types.ts';

/*
 * Lists and counts by what users truly are. The tenant's list has hidden users among those who are
 * offline, as others see them; lists of their own have them by what they are.
 */

interface Query {
  readonly tenant: string;
  readonly status: readonly Status[];
  readonly after: string;
  readonly limit: number;
}

/** How many users truly have each status, and how many of them hide. */
export interface TrueCount {
  readonly at: Instant;
  readonly byStatus: Readonly<Record<Status, number>>;
  readonly hidden: number;
}

const isVisible = ({ record }: Reading): boolean => record?.visibility !== 'hidden';

const byUser = (a: Reading, b: Reading): number => (a.key.userId < b.key.userId ? -1 : 1);

/** A page of one list: users up to the end of the shortest part are all there. */
const merged = (pages: readonly Page[], limit: number): Page => {
  const ends = pages.flatMap(({ end }) => (end === null ? [] : [end]));
  const reached = ends.length === 0 ? null : ends.reduce((a, b) => (a < b ? a : b));
  const items = pages
    .flatMap((page) => page.items)
    .filter(({ key }) => reached === null || key.userId <= reached)
    .sort(byUser);
  const at = Math.min(...pages.map((page) => page.at));
  if (items.length <= limit) return { at, items, end: reached };
  const cut = items.slice(0, limit);
  return { at, items: cut, end: cut.at(-1)?.key.userId ?? null };
};

/** Lists of hidden users have them by what they are, and each of them as others see them. */
const AS_OTHERS_SEE: readonly Status[] = Object.freeze(['offline'] satisfies Status[]);

/** Users of these statuses in order of id. A page may hold fewer than asked for, and still not be the last. */
export const findTrue = async (
  engine: Pick<Engine, 'find'>,
  { tenant, status, after, limit }: Query,
): Promise<Page> => {
  const visible = async (): Promise<Page> => {
    const page = await engine.find({ tenant, scope: TENANT_SCOPE, status, after, limit });
    return { ...page, items: page.items.filter(isVisible) };
  };
  const hidden = (own: Status): Promise<Page> =>
    engine.find({ tenant, scope: hiddenScope(own), status: AS_OTHERS_SEE, after, limit });
  return merged(await Promise.all([visible(), ...status.map(hidden)]), limit);
};

export const countTrue = async (
  engine: Pick<Engine, 'count'>,
  tenant: string,
): Promise<TrueCount> => {
  const [shown, ...hiding] = await Promise.all(
    [TENANT_SCOPE, ...STATUSES.map(hiddenScope)].map((scope) => engine.count({ tenant, scope })),
  );
  const byStatus = { ...(shown as NonNullable<typeof shown>).byStatus };
  let hidden = 0;
  STATUSES.forEach((status, index) => {
    const count = Object.values(hiding[index]?.byStatus ?? {}).reduce((a, b) => a + b, 0);
    byStatus[status] += count;
    hidden += count;
  });
  byStatus.offline = Math.max(0, byStatus.offline - hidden);
  return { at: shown?.at ?? 0, byStatus, hidden };
};
