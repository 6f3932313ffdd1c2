import { memo, useId, useState, type ReactNode } from 'react';
import type { ShownStatus } from '@presence/client';
import { useConnection } from '../hooks/use-connection.ts';
import { useOnlineUsers } from '../hooks/use-online.ts';
import { firstUsers } from '../ordered-users.ts';
import { useTexts } from '../presence-context.ts';
import type { PresenceTexts } from '../texts.ts';
import { Avatar } from './avatar.tsx';
import { PresenceDot } from './presence-dot.tsx';

/** One user as the list shows them. */
export interface ListedUser {
  readonly userId: string;
  readonly name: string;
  /** `unknown` while the list is too old to trust. */
  readonly status: ShownStatus;
}

export interface OnlineUsersListProps {
  /** Names come from the application. Default: the id. Keep it the same function between renders. */
  readonly getName?: ((userId: string) => string) | undefined;
  /** Address of a picture; `null` for initials, which is the default. */
  readonly getAvatar?: ((userId: string) => string | null) | undefined;
  /** Shows one user in your own way, inside the list item. Keep it the same function between renders. */
  readonly renderUser?: ((user: ListedUser) => ReactNode) | undefined;
  /** How many are shown first, and how many more at each request. Default 50. */
  readonly limit?: number | undefined;
  /** Shows "Online" and the count above the list. Default true. */
  readonly heading?: boolean | undefined;
  readonly texts?: Partial<PresenceTexts> | undefined;
  readonly className?: string | undefined;
}

/** Everybody who is not offline, live, the most present first. */
export const OnlineUsersList = ({
  getName,
  getAvatar,
  renderUser,
  limit = 50,
  heading = true,
  texts,
  className = '',
}: OnlineUsersListProps): ReactNode => {
  const words = useTexts(texts);
  const { users, count, synced } = useOnlineUsers();
  const stopped = useConnection().status === 'stopped';
  const [pages, setPages] = useState(1);
  const headingId = useId();
  // What a stopped client last heard is true of nobody for much longer.
  const known = stopped ? [] : users;
  const shown = firstUsers(known, pages * limit, getName, words.locale);
  const rest = known.length - shown.length;
  return (
    <section className={`presence-list ${className}`.trim()} aria-labelledby={headingId}>
      <div id={headingId} className={heading ? 'presence-list__heading' : 'presence-sr-only'}>
        {words.onlineUsers} {synced && <span className="presence-list__count">{count}</span>}
      </div>
      {shown.length > 0 && (
        // Said once more, because Safari takes a list without bullets for no list.
        <ul className="presence-list__users" role="list">
          {shown.map(({ userId, name, status }) => (
            <Row
              key={userId}
              {...{ userId, name, getAvatar, renderUser }}
              status={synced ? status : 'unknown'}
              words={words.status}
            />
          ))}
        </ul>
      )}
      {shown.length === 0 &&
        (synced || stopped ? (
          <p className="presence-list__empty">{synced ? words.nobodyOnline : words.notConnected}</p>
        ) : (
          <div className="presence-list__waiting" aria-busy>
            <span className="presence-sr-only">{words.loading}</span>
            <i />
            <i />
            <i />
          </div>
        ))}
      {rest > 0 && (
        <button
          type="button"
          className="presence-list__more"
          onClick={() => setPages((held) => held + 1)}
        >
          {words.more(rest)}
        </button>
      )}
    </section>
  );
};

interface RowProps extends ListedUser, Pick<OnlineUsersListProps, 'getAvatar' | 'renderUser'> {
  readonly words: PresenceTexts['status'];
}

/** Renders again only when this user changed, however often others do. */
const Row = /* @__PURE__ */ memo(
  ({ userId, name, status, getAvatar, renderUser, words }: RowProps): ReactNode => (
    <li className="presence-list__user" data-status={status}>
      {renderUser ? (
        renderUser({ userId, name, status })
      ) : (
        <>
          <span className="presence-list__picture">
            <Avatar userId={userId} name={name} src={getAvatar?.(userId) ?? null} />
            <PresenceDot status={status} size={11} rim label={words[status]} />
          </span>
          <span className="presence-list__name">{name}</span>
          {status !== 'online' && (
            <span className="presence-list__status" aria-hidden>
              {words[status]}
            </span>
          )}
        </>
      )}
    </li>
  ),
);
