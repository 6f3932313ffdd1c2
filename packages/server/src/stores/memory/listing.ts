import type { LeaseId, Status } from '@presence/core';
import type { Entry } from './entry.ts';
import { createSortedEntries, type SortedEntries } from './sorted-entries.ts';

/** The members of a list who share a status and the lease on which they hang alone, if any. */
interface Group {
  readonly status: Status;
  readonly solo: LeaseId | '';
  readonly members: SortedEntries;
}

/** One scope of one tenant. Who is overdue stands in no group. */
interface List {
  readonly groups: Map<string, Group>;
  readonly overdue: SortedEntries;
}

interface Page {
  readonly items: readonly Entry[];
  readonly overdue: readonly Entry[];
  readonly end: string;
  readonly more: boolean;
}

interface Tally {
  readonly byStatus: Record<Status, number>;
  readonly overdue: readonly Entry[];
  readonly more: boolean;
}

/** The lists of all tenants. A dead node's users count as offline by their group, with nobody read. */
export interface Listing {
  add(entry: Entry): void;
  /** Before anything of `entry` that decides where it stands changes. */
  remove(entry: Entry): void;
  page(query: {
    readonly tenant: string;
    readonly scope: string;
    readonly status: readonly Status[];
    readonly after: string;
    readonly limit: number;
  }): Page;
  tally(tenant: string, scope: string, most: number): Tally;
}

const EMPTY: List = { groups: new Map(), overdue: createSortedEntries() };

const groupKey = (status: Status, solo: LeaseId | ''): string => `${status}|${solo}`;

const taken = (members: SortedEntries, most: number): Entry[] => {
  const next = members.after('');
  const entries: Entry[] = [];
  for (let entry = next(); entry && entries.length < most; entry = next()) entries.push(entry);
  return entries;
};

interface Source {
  readonly isOverdue: boolean;
  readonly next: () => Entry | undefined;
  head: Entry | undefined;
}

/** The source whose head comes first. */
const firstOf = (sources: readonly Source[]): Source | undefined => {
  let first: Source | undefined;
  for (const source of sources) {
    if (source.head && (!first?.head || source.head.key.userId < first.head.key.userId))
      first = source;
  }
  return first;
};

const merged = (sources: readonly Source[], after: string, limit: number): Page => {
  const items: Entry[] = [];
  const overdue: Entry[] = [];
  let end = after;
  let first = firstOf(sources);
  while (first?.head && items.length + overdue.length < limit) {
    (first.isOverdue ? overdue : items).push(first.head);
    end = first.head.key.userId;
    first.head = first.next();
    first = firstOf(sources);
  }
  return { items, overdue, end, more: first !== undefined };
};

const createTenantLists = () => {
  const tenants = new Map<string, Map<string, List>>();

  const listOf = (tenant: string, scope: string): List => tenants.get(tenant)?.get(scope) ?? EMPTY;

  const listFor = (tenant: string, scope: string): List => {
    let scopes = tenants.get(tenant);
    if (!scopes) tenants.set(tenant, (scopes = new Map()));
    let list = scopes.get(scope);
    if (!list) scopes.set(scope, (list = { groups: new Map(), overdue: createSortedEntries() }));
    return list;
  };

  const dropEmpty = (tenant: string, scope: string, { groups, overdue }: List): void => {
    if (groups.size > 0 || overdue.size > 0) return;
    const scopes = tenants.get(tenant);
    scopes?.delete(scope);
    if (scopes?.size === 0) tenants.delete(tenant);
  };

  return { listOf, listFor, dropEmpty };
};

export const createListing = (hasEnded: (shared: LeaseId) => boolean): Listing => {
  const { listOf, listFor, dropEmpty } = createTenantLists();

  const statusOf = ({ solo, status }: Group): Status =>
    solo !== '' && hasEnded(solo) ? 'offline' : status;

  const membersFor = (list: List, { status, solo, overduePlace }: Entry): SortedEntries => {
    if (overduePlace >= 0) return list.overdue;
    const key = groupKey(status, solo);
    let group = list.groups.get(key);
    if (!group) list.groups.set(key, (group = { status, solo, members: createSortedEntries() }));
    return group.members;
  };

  const add = (entry: Entry): void => {
    for (const scope of entry.scopes)
      membersFor(listFor(entry.key.tenant, scope), entry).add(entry);
  };

  const remove = (entry: Entry): void => {
    const { tenant } = entry.key;
    for (const scope of entry.scopes) {
      const list = listOf(tenant, scope);
      const members = membersFor(list, entry);
      members.remove(entry);
      if (members.size === 0 && members !== list.overdue) {
        list.groups.delete(groupKey(entry.status, entry.solo));
      }
      dropEmpty(tenant, scope, list);
    }
  };

  const page: Listing['page'] = ({ tenant, scope, status, after, limit }) => {
    const { groups, overdue } = listOf(tenant, scope);
    const sourceOf = (members: SortedEntries, isOverdue: boolean): Source => {
      const next = members.after(after);
      return { isOverdue, next, head: next() };
    };
    const sources = [sourceOf(overdue, true)];
    for (const group of groups.values()) {
      if (status.includes(statusOf(group))) sources.push(sourceOf(group.members, false));
    }
    return merged(sources, after, limit);
  };

  const tally: Listing['tally'] = (tenant, scope, most) => {
    const { groups, overdue } = listOf(tenant, scope);
    const byStatus: Record<Status, number> = { online: 0, away: 0, busy: 0, dnd: 0, offline: 0 };
    for (const group of groups.values()) byStatus[statusOf(group)] += group.members.size;
    return { byStatus, overdue: taken(overdue, most), more: overdue.size > most };
  };

  return { add, remove, page, tally };
};
