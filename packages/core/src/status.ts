/** What others see of a user. Derived by {@link derive}; a client never sends one as a fact. */
export type Status = 'online' | 'away' | 'busy' | 'dnd' | 'offline';

/** All statuses, most present first. The order is the order of lists and legends. */
export const STATUSES: readonly Status[] = ['online', 'away', 'busy', 'dnd', 'offline'];

/** What a user may declare of themselves. `offline` is not among them: that is visibility. */
export type ClaimableStatus = Exclude<Status, 'offline'>;

export const CLAIMABLE_STATUSES: readonly ClaimableStatus[] = ['online', 'away', 'busy', 'dnd'];

/** Visibility wins over every claim: to others, a hidden user is someone who left when they hid. */
export type Visibility = 'visible' | 'hidden';

/** `active`, or one of the blocked states, in which a user reads offline and may not come online. */
export type Account = 'active' | 'suspended' | 'banned' | 'inactive' | 'pending';

export const ACCOUNTS: readonly Account[] = [
  'active',
  'suspended',
  'banned',
  'inactive',
  'pending',
];

export const isBlocked = (account: Account): boolean => account !== 'active';
