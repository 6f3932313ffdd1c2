import { useVisiblePresence } from '@presence/react';
import type { ReactNode } from 'react';
import { STATUS_WORDS } from '@presence/example-shared/web/words.ts';
import type { Member } from '../api.ts';
import { Face } from '../face.tsx';
import { Link } from '../link.tsx';
import { useHere } from '../workspace-context.ts';
import { Note } from './channel-members.tsx';

interface DirectoryRowProps {
  readonly member: Member;
  /** In pixels. */
  readonly top: number;
}

/** Watched from shortly before it comes into view until it has gone. */
export const DirectoryRow = ({ member, top }: DirectoryRowProps): ReactNode => {
  const { path } = useHere();
  const [ref, presence] = useVisiblePresence<HTMLLIElement>(member.id);
  const { status, message, emoji } = presence;
  return (
    <li
      ref={ref}
      className="directory-row"
      style={{ transform: `translateY(${top}px)` }}
      data-user={member.id}
      data-status={status}
    >
      <Link to={path('people', member.id)} className="row">
        <Face member={member} status={status} />
        <span className="row-text">
          <span className="row-name">{member.name}</span>
          <span className="row-note">{member.title}</span>
        </span>
        <span className="row-place">{member.place}</span>
        <span className="row-status">
          {message === null && emoji === null ? STATUS_WORDS[status] : <Note presence={presence} />}
        </span>
      </Link>
    </li>
  );
};
