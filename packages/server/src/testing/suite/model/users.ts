import type { Key } from '@presence/core';

export const TENANTS: readonly string[] = ['acme', 'other'];

/** Two tenants with users of the same names. */
export const KEYS: readonly Key[] = [
  { tenant: 'acme', userId: 'ada' },
  { tenant: 'acme', userId: 'bob' },
  { tenant: 'acme', userId: 'cem' },
  { tenant: 'acme', userId: 'dia' },
  { tenant: 'other', userId: 'ada' },
  { tenant: 'other', userId: 'bob' },
];

export const labelOf = ({ tenant, userId }: Key): string => `${tenant}/${userId}`;
