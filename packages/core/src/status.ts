/** What others see of a user. Derived by {@link derive}; a client never sends one as a fact. */
export type Status = 'online' | 'away' | 'busy' | 'dnd' | 'offline';

/** All statuses, most present first. The order is the order of lists and legends. */
export const STATUSES: readonly Status[] = ['online', 'away', 'busy', 'dnd', 'offline'];

/** What a user may declare of themselves. `offline` is not among them: that is visibility. */
export type ClaimableStatus = Exclude<Status, 'offline'>;

/** All of {@link ClaimableStatus}, in the order of menus. */
export const CLAIMABLE_STATUSES: readonly ClaimableStatus[] = ['online', 'away', 'busy', 'dnd'];

/** Visibility wins over every claim: to others, a hidden user is someone who left when they hid. */
export type Visibility = 'visible' | 'hidden';

/** `active`, or one of the blocked states, in which a user reads offline and may not come online. */
export type Account = 'active' | 'suspended' | 'banned' | 'inactive' | 'pending';

/** All states of an account, the open one first. */
export const ACCOUNTS: readonly Account[] = [
  'active',
  'suspended',
  'banned',
  'inactive',
  'pending',
];

/** Whether an account may not be present. */
export const isBlocked = (account: Account): boolean => account !== 'active';
