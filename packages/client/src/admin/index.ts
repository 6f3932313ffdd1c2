export type { AdminUser, Profile } from '@presence/core/protocol';
export { createAdminUsers, NO_USERS } from './users-list.ts';
export type {
  AdminUsersList,
  AdminUsersOptions,
  AdminUsersQuery,
  AdminUsersState,
} from './users-list.ts';
