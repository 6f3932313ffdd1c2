import { PresenceDot } from '@presence/react';
import type { ReactNode } from 'react';
import type { Channel } from '../api.ts';
import { HashIcon, ProjectIcon } from '../icons.tsx';
import { Link } from '../link.tsx';
import { useRoute } from '../route.ts';
import { useTalkHere } from '../talk-context.ts';
import { useHere } from '../workspace-context.ts';
import { useGroupPresence } from './group-presence.ts';

/** The channels of an organisation and what it works on, each with whether somebody is there. */
export const ChannelList = (): ReactNode => {
  const { organisation, path, openChannel } = useHere();
  const route = useRoute();
  const { unread } = useTalkHere();
  const open = openChannel(route);
  return (
    <nav data-place="channel-list" aria-label="Channels">
      <h2>Channels</h2>
      <ul>
        {organisation.channels.map((channel) => (
          <ChannelRow
            key={channel.id}
            channel={channel}
            isCurrent={channel === open}
            isUnread={unread.has(channel.id)}
          />
        ))}
      </ul>
      <h2>Shared project</h2>
      <Link to={path('project')} className="item" isCurrent={route.page === 'project'}>
        <ProjectIcon />
        <span className="item-name">{organisation.project.name}</span>
        <Group members={organisation.project.members} />
      </Link>
    </nav>
  );
};

interface ChannelRowProps {
  readonly channel: Channel;
  readonly isCurrent: boolean;
  /** Something was said in it that this page did not show. */
  readonly isUnread: boolean;
}

const ChannelRow = ({ channel, isCurrent, isUnread }: ChannelRowProps): ReactNode => {
  const { path } = useHere();
  return (
    <li data-unread={isUnread}>
      <Link to={path('channels', channel.id)} className="item" isCurrent={isCurrent}>
        <HashIcon />
        <span className="item-name">{channel.id}</span>
        {isUnread && (
          <span className="item-new">
            New<span className="hidden"> messages</span>
          </span>
        )}
        <Group members={channel.members} name={channel.id} />
      </Link>
    </li>
  );
};

interface GroupProps {
  readonly members: readonly string[];
  readonly name?: string;
}

/** A dot for whoever is most present of them, and how many are here. */
const Group = ({ members, name }: GroupProps): ReactNode => {
  const { here, status } = useGroupPresence(members);
  return (
    <span className="group-here" data-channel={name} data-here={here ?? ''} data-status={status}>
      <PresenceDot status={status} size={8} label={null} />
      <span aria-hidden>{here ?? '…'}</span>
      <span className="hidden">{here ?? 'an unknown number'} here now</span>
    </span>
  );
};
