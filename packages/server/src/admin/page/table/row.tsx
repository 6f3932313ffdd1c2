import type { AdminUser } from '@presence/core/protocol';
import { PresenceDot } from '@presence/react';
import { memo, useCallback, useSyncExternalStore, type ReactNode } from 'react';
import { useDashboard } from '../dashboard.ts';
import { HiddenIcon } from '../icons.tsx';
import { Avatar, nameOf } from '../person.tsx';
import { TEXTS } from '../texts.ts';
import { ago } from '../time.ts';
import { shownOf, type Shown } from './shown.ts';
import { ROW_HEIGHT } from './window.ts';

const { table: WORDS } = TEXTS;

interface RowProps {
  readonly user: AdminUser;
  readonly index: number;
  readonly isActive: boolean;
  readonly isOpen: boolean;
  /** Seconds are of no use here. */
  readonly now: number;
  onOpen(index: number): void;
}

export const rowId = (index: number): string => `user-row-${index}`;

const sinceOf = ({ status, since, lastSeenAt }: Shown, now: number): string => {
  const at = status === 'offline' ? lastSeenAt : since;
  return at === null ? WORDS.neverSeen : ago(now - at);
};

const Note = ({ user, shown }: { readonly user: AdminUser; readonly shown: Shown }): ReactNode => (
  <>
    {(shown.emoji ?? shown.message) !== null && (
      <span className="row-note">
        {shown.emoji} {shown.message}
      </span>
    )}
    {user.visibility === 'hidden' && (
      <span className="badge badge-hidden" title={WORDS.hiddenHint}>
        <HiddenIcon /> {WORDS.hidden}
      </span>
    )}
  </>
);

/** One user of the table. */
export const Row = memo(({ user, index, isActive, isOpen, now, onOpen }: RowProps): ReactNode => {
  const { client } = useDashboard();
  const { userId, account, sessions } = user;
  const live = useSyncExternalStore(
    useCallback((listener) => client.subscribeUser(userId, listener), [client, userId]),
    () => client.getPresence(userId),
  );
  const shown = shownOf(user, live);
  const name = nameOf(user);
  return (
    <div
      id={rowId(index)}
      className="row"
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isOpen}
      data-user={userId}
      data-status={shown.status}
      data-account={account}
      data-active={isActive}
      data-open={isOpen}
      style={{ top: index * ROW_HEIGHT }}
      onClick={() => onOpen(index)}
    >
      <span role="gridcell" className="cell cell-user">
        <Avatar user={user} />
        <span className="row-text">
          <span className="row-name">{name}</span>
          <span className="row-id">{user.profile?.email ?? userId}</span>
        </span>
      </span>
      <span role="gridcell" className="cell cell-status">
        <PresenceDot status={shown.status} label={null} />
        <span className="row-status">{TEXTS.status[shown.status]}</span>
        <Note {...{ user, shown }} />
      </span>
      <span role="gridcell" className="cell cell-since">
        {sinceOf(shown, now)}
      </span>
      <span role="gridcell" className="cell cell-sessions">
        {sessions}
      </span>
      <span role="gridcell" className="cell cell-account">
        <span className={`account account-${account}`}>{TEXTS.account[account]}</span>
      </span>
    </div>
  );
});

/** A row whose user is on the way. */
export const AbsentRow = ({ index }: { readonly index: number }): ReactNode => (
  <div
    id={rowId(index)}
    className="row"
    role="row"
    aria-rowindex={index + 2}
    aria-busy="true"
    data-absent="true"
    style={{ top: index * ROW_HEIGHT }}
  />
);
