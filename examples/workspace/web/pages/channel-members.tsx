import type { UserPresence } from '@presence/client';
import { LastSeen } from '@presence/react';
import type { ReactNode } from 'react';
import { STATUS_WORDS } from '@presence/example-shared/web/words.ts';
import { Face } from '../face.tsx';
import { Link } from '../link.tsx';
import { useHere } from '../workspace-context.ts';

interface ChannelMembersProps {
  readonly presences: readonly UserPresence[];
}

const isHere = ({ status }: UserPresence): boolean => status !== 'offline';

/** Who is in a channel, whoever is here first. */
export const ChannelMembers = ({ presences }: ChannelMembersProps): ReactNode => {
  const groups = [
    ['Here', presences.filter(isHere)],
    ['Offline', presences.filter((presence) => !isHere(presence))],
  ] as const;
  return (
    <aside className="channel-members" data-place="channel-members" aria-label="Members">
      {groups.map(
        ([title, group]) =>
          group.length > 0 && (
            <section key={title}>
              <h3>
                {title} <span>{group.length}</span>
              </h3>
              <ul>
                {group.map((presence) => (
                  <MemberRow key={presence.userId} presence={presence} />
                ))}
              </ul>
            </section>
          ),
      )}
    </aside>
  );
};

const MemberRow = ({ presence }: { readonly presence: UserPresence }): ReactNode => {
  const { memberOf, path } = useHere();
  const { userId, status } = presence;
  const member = memberOf(userId);
  return (
    <li data-user={userId} data-status={status}>
      <Link to={path('people', userId)} className="row">
        <Face member={member} status={status} />
        <span className="row-text">
          <span className="row-name">{member.name}</span>
          <span className="row-note">
            <Note presence={presence} />
          </span>
        </span>
        <span className="hidden">{STATUS_WORDS[status]}</span>
      </Link>
    </li>
  );
};

/** What somebody says of themselves; of somebody absent, since when; else what they do. */
export const Note = ({ presence }: { readonly presence: UserPresence }): ReactNode => {
  const { memberOf } = useHere();
  const { userId, status, message, emoji, lastSeenAt } = presence;
  if (status === 'offline' && lastSeenAt !== null) return <LastSeen userId={userId} />;
  if (message === null && emoji === null) return memberOf(userId).title;
  return (
    <>
      {emoji && <span className="emoji">{emoji}</span>} {message}
    </>
  );
};
