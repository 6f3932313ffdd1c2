import type { Account } from '@presence/core';
import type { ReactNode } from 'react';

const ACCOUNT_WORDS: Readonly<Record<Account, string>> = {
  active: 'Active',
  suspended: 'Suspended',
  banned: 'Banned',
  inactive: 'Switched off',
  pending: 'Waiting',
};

export const AccountBadge = ({ account }: { readonly account: Account }): ReactNode => (
  <span className="account" data-account={account}>
    {ACCOUNT_WORDS[account]}
  </span>
);
