import { sql } from 'kysely';
import type { DirectoryPage, DirectoryUser } from '../../../admin/types.ts';
import type { AskedStatus } from './asked-status.ts';
import { valueOf } from './kinds.ts';
import type { PresenceTables } from './presence-tables.ts';
import {
  all,
  as,
  conditionsOf,
  filtersOf,
  foundById,
  idText,
  readBeside,
  readUsers,
  tenantOf,
  usersOf,
  type Source,
  type Wanted,
} from './rows.ts';
import { SEEN_AT, type Seen } from './seen-orders.ts';
import { walkInOrder } from './walk.ts';

/*
 * Most recent first: who is there, who is gone by when they went, who never came. The other way
 * round: who is gone longest, then who is there, then who never came. Hidden users stand where
 * others see them.
 */

type Part = 'present' | 'gone' | 'never';

/** The last user of the page before. */
type Place = readonly [part: Part, at: number | null, userId: string];

export type SeenOrder = 'lastSeen' | '-lastSeen';

const PARTS: Readonly<Record<SeenOrder, readonly Part[]>> = Object.freeze({
  '-lastSeen': ['present', 'gone', 'never'],
  lastSeen: ['gone', 'present', 'never'],
});

export const SEEN_ORDERS = Object.freeze(Object.keys(PARTS) as SeenOrder[]);

interface Found {
  readonly user: DirectoryUser;
  readonly place: Place;
}

/** A filter that leaves so many or fewer is asked first. */
const FEW = 500;
/** So many users of presence are looked through for one page, and so many of the table. */
const MOST = 2000;
const STEP = 500;
const MOST_ROWS = 4000;

interface Walk {
  readonly source: Source;
  readonly presence: PresenceTables;
  readonly wanted: Wanted;
  readonly order: SeenOrder;
}

const seenAfter = (
  { presence, wanted: { tenant, status }, order }: Walk,
  part: 'present' | 'gone',
  place: Place | null,
  limit: number,
): Promise<readonly Seen[]> => {
  if (part === 'present') {
    const after = place?.[2] ?? '';
    if (!status || status.isCrowded) return presence.present(tenant, after, limit);
    const statuses = status.statuses.filter((each) => each !== 'offline');
    return presence.presentAs(tenant, { statuses, named: status.overdue }, after, limit);
  }
  const after = place && { at: place[1], userId: place[2] };
  return presence.gone(tenant, after, limit, order === '-lastSeen');
};

/** Those of them who meet the filters, in their order. */
const matching = async (
  { source, wanted }: Walk,
  part: Part,
  seen: readonly Seen[],
): Promise<Found[]> => {
  const users = await readUsers(
    source,
    wanted,
    seen.map(({ userId }) => userId),
  );
  const known = new Map(users.map((user) => [user.userId, user]));
  return seen.flatMap(({ userId, at }) => {
    const user = known.get(userId);
    return user ? [{ user, place: [part, at, userId] as const }] : [];
  });
};

interface Walked {
  readonly found: Found[];
  /** Where to go on, though nobody was found there. */
  readonly reached: Place | null;
}

const never = async (walk: Walk, place: Place | null, limit: number): Promise<Walked> => {
  const { source, presence, wanted } = walk;
  const { tenant } = wanted;
  const { dialect, userId } = source;
  const behind = place ? [sql<boolean>`${userId.ref} > ${valueOf(dialect, userId, place[2])}`] : [];
  const asked = {
    conditions: [...tenantOf(source, wanted), ...behind],
    filters: [...filtersOf(source, wanted), presence.wasNever(tenant, idText(source))],
    budget: MOST_ROWS,
    byId: foundById(source, wanted),
  };
  const order = { column: userId, isDescending: false };
  const { rows, reached } = await walkInOrder(source, order, asked, limit);
  const placed = (id: string): Place => ['never', null, id];
  return {
    found: usersOf(source, tenant, rows).map((user) => ({ user, place: placed(user.userId) })),
    reached: reached && placed(reached.user.userId),
  };
};

const rankOf = (order: SeenOrder, [part]: Place): number => PARTS[order].indexOf(part);

const compare =
  (order: SeenOrder) =>
  (a: Place, b: Place): number => {
    const parts = rankOf(order, a) - rankOf(order, b);
    if (parts !== 0) return parts;
    const way = order === '-lastSeen' && a[0] === 'gone' ? -1 : 1;
    const instants = (a[1] ?? 0) - (b[1] ?? 0);
    if (instants !== 0) return instants * way;
    return (a[2] < b[2] ? -1 : a[2] > b[2] ? 1 : 0) * way;
  };

/** Who seems gone and is not: those who hide. They stand where others see them. */
const hiding = async (walk: Walk, status: AskedStatus, from: Place | null): Promise<Walked> => {
  const { presence, wanted, order } = walk;
  const inOrder = compare(order);
  const placed = (each: Seen): Place => ['gone', each.at, each.userId];
  const named = { statuses: status.statuses, named: status.overdue };
  const seen = (await presence.hiding(wanted.tenant, named))
    .filter((each) => from === null || inOrder(placed(each), from) > 0)
    .sort((a, b) => inOrder(placed(a), placed(b)));
  const looked = seen.slice(0, MOST);
  const last = looked.at(-1);
  const found = await matching(walk, 'gone', looked);
  return { found, reached: seen.length > MOST && last ? placed(last) : null };
};

const isFiltered = ({ search, account }: Wanted): boolean =>
  search !== undefined || account !== undefined;

const isPresentAlone = (status: AskedStatus | undefined): status is AskedStatus =>
  status !== undefined && !status.isCrowded && !status.statuses.includes('offline');

/** Looks through presence in its order for users who meet the filters. */
const walkPart = async (
  walk: Walk,
  part: 'present' | 'gone',
  { from, limit, budget }: { from: Place | null; limit: number; budget: number },
): Promise<Walked> => {
  const { status } = walk.wanted;
  if (part === 'gone' && isPresentAlone(status)) return hiding(walk, status, from);
  const found: Found[] = [];
  let place = from;
  let left = budget;
  // One who does not meet them is to cost no second look.
  for (let step = isFiltered(walk.wanted) ? 2 * limit : limit; left > 0; step = STEP) {
    const asked = Math.min(step, left, STEP);
    const seen = await seenAfter(walk, part, place, asked);
    left -= asked;
    found.push(...(await matching(walk, part, seen)));
    const last = seen.at(-1);
    if (last) place = [part, last.at, last.userId];
    if (seen.length < asked) return { found, reached: null };
    if (found.length >= limit) break;
  }
  return { found, reached: place };
};

const pageOf = (found: readonly Found[], limit: number, reached: Place | null): DirectoryPage => {
  const page = found.slice(0, limit);
  const last = found.length > limit ? (page.at(-1)?.place ?? null) : reached;
  return { users: page.map(({ user }) => user), next: last && JSON.stringify(last) };
};

/** Whoever was never seen is offline. */
const partsOf = ({ wanted: { status }, order }: Walk): readonly Part[] =>
  status && !status.statuses.includes('offline')
    ? PARTS[order].filter((part) => part !== 'never')
    : PARTS[order];

const walked = async (walk: Walk, after: Place | null, limit: number): Promise<DirectoryPage> => {
  const parts = partsOf(walk);
  const found: Found[] = [];
  for (const part of after ? parts.slice(parts.indexOf(after[0])) : parts) {
    const from = after && after[0] === part ? after : null;
    const wantedMore = limit + 1 - found.length;
    const { found: here, reached } = await (part === 'never'
      ? never(walk, from, wantedMore)
      : walkPart(walk, part, { from, limit: wantedMore, budget: MOST }));
    found.push(...here);
    if (reached || found.length > limit) return pageOf(found, limit, reached);
  }
  return pageOf(found, limit, null);
};

/** Whoever meets filters that few meet, in no order; `null`: they are many. */
const fewMatching = async ({ source, presence, wanted }: Walk): Promise<Found[] | null> => {
  const { tenant, search, account, status } = wanted;
  if (!isFiltered(wanted)) return null;
  const name = JSON.stringify([tenant, search, account, status?.statuses]);
  if (presence.metByMany.get(name)) return null;
  const few = as(
    source,
    sql`select * from ${source.table.from} ${all(conditionsOf(source, wanted))} limit ${FEW + 1}`,
  );
  const joined = presence.joined(tenant, idText(few));
  const rows = await readBeside(few, few.userId, SEEN_AT, joined);
  if (rows.length > FEW) {
    presence.metByMany.set(name, true);
    return null;
  }
  return rows.flatMap(({ listed, said: at }) => {
    const part = at === undefined ? 'never' : at === null ? 'present' : 'gone';
    return usersOf(source, tenant, [listed]).map((user) => ({
      user,
      place: [part, at ?? null, user.userId] as const,
    }));
  });
};

const sorted = (
  { order }: Walk,
  few: readonly Found[],
  after: Place | null,
  limit: number,
): DirectoryPage => {
  const inOrder = compare(order);
  const found = few
    .filter(({ place }) => after === null || inOrder(place, after) > 0)
    .sort((a, b) => inOrder(a.place, b.place));
  return pageOf(found, limit, null);
};

export const pageByLastSeen = async (
  source: Source & { readonly presence: PresenceTables },
  order: SeenOrder,
  wanted: Wanted,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<DirectoryPage> => {
  const walk: Walk = { source, presence: source.presence, wanted, order };
  const place = after === undefined ? null : (JSON.parse(after) as Place);
  const few = await fewMatching(walk);
  return few ? sorted(walk, few, place, limit) : walked(walk, place, limit);
};
