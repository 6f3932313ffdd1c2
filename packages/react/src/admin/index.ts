'use client';

export { useAdminUsers, type AdminUsers, type UseAdminUsersOptions } from './use-admin-users.ts';
export type { AdminUser, AdminUsersQuery, AdminUsersState } from '@presence/client/admin';
