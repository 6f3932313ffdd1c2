import type { Directory } from '@presence/server';
import { everyone, type Person } from './team.ts';

const userOf = ({ id, name, title }: Person) => ({ userId: id, name, email: title });

const byName = everyone.toSorted((a, b) => a.name.localeCompare(b.name));

/** The team as the dashboard reads it. Yours asks your user table; a cursor is whatever finds its next row. */
export const directory: Directory = {
  filters: ['search'],
  sorts: ['name'],
  list: async ({ search = '', after = '0', limit }) => {
    const wanted = search.toLowerCase();
    const found = byName.filter(({ name }) => name.toLowerCase().includes(wanted));
    const end = Number(after) + limit;
    return {
      users: found.slice(Number(after), end).map(userOf),
      next: end < found.length ? String(end) : null,
    };
  },
  get: async (_tenant, userIds) => everyone.filter(({ id }) => userIds.includes(id)).map(userOf),
};
