import { StatusPicker, useMyPresence, useOnlineCount } from '@presence/react';
import type { ReactNode } from 'react';
import { Avatar } from '@presence/example-shared/web/avatar.tsx';
import { DirectoryIcon, LeaveIcon } from '../icons.tsx';
import { Link } from '../link.tsx';
import { useRoute } from '../route.ts';
import { useHere } from '../workspace-context.ts';
import { ChannelList } from './channel-list.tsx';
import { MemberList } from './member-list.tsx';

interface SidebarProps {
  readonly onSignOut: () => void;
}

export const Sidebar = ({ onSignOut }: SidebarProps): ReactNode => {
  const { organisation, path } = useHere();
  const { page } = useRoute();
  const count = useOnlineCount();
  return (
    <aside className="sidebar" aria-label={organisation.name}>
      <header className="sidebar-head">
        <h1>{organisation.name}</h1>
        <span className="sidebar-count" data-testid="count">
          {count === null ? '…' : `${count.toLocaleString('en')} here now`}
        </span>
      </header>
      <div className="sidebar-lists">
        <Link to={path('directory')} className="item" isCurrent={page === 'directory'}>
          <DirectoryIcon />
          <span className="item-name">Directory</span>
          <span className="item-note">{organisation.members.length.toLocaleString('en')}</span>
        </Link>
        <ChannelList />
        <MemberList />
      </div>
      <Own onSignOut={onSignOut} />
    </aside>
  );
};

const Own = ({ onSignOut }: SidebarProps): ReactNode => {
  const { me } = useHere();
  const { presence } = useMyPresence();
  return (
    <footer className="own" data-testid="my-status" data-user={me.id} data-status={presence.status}>
      <Avatar person={me} size="medium" />
      <div className="own-status">
        <span className="own-name">{me.name}</span>
        <StatusPicker placement="above" />
      </div>
      <button
        type="button"
        className="icon-button"
        onClick={onSignOut}
        aria-label={`Sign out ${me.name}`}
        title="Sign out"
      >
        <LeaveIcon />
      </button>
    </footer>
  );
};
