import { PresenceDot } from '@presence/react';
import type { ReactNode } from 'react';
import type { Channel } from '../api.ts';
import { HashIcon, ProjectIcon } from '../icons.tsx';
import { Link } from '../link.tsx';
import { useRoute } from '../route.ts';
import { useHere } from '../workspace-context.ts';
import { useGroupPresence } from './group-presence.ts';

/** The channels of an organisation and what it works on, each with whether somebody is there. */
export const ChannelList = (): ReactNode => {
  const { organisation, path } = useHere();
  const { page, about } = useRoute();
  const [first] = organisation.channels;
  return (
    <nav data-place="channel-list" aria-label="Channels">
      <h2>Channels</h2>
      <ul>
        {organisation.channels.map((channel) => (
          <ChannelRow
            key={channel.id}
            channel={channel}
            isCurrent={
              page === 'channels' ? about === channel.id : page === '' && channel === first
            }
          />
        ))}
      </ul>
      <h2>Shared project</h2>
      <Link to={path('project')} className="item" isCurrent={page === 'project'}>
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
}

const ChannelRow = ({ channel, isCurrent }: ChannelRowProps): ReactNode => {
  const { path } = useHere();
  return (
    <li>
      <Link to={path('channels', channel.id)} className="item" isCurrent={isCurrent}>
        <HashIcon />
        <span className="item-name">{channel.id}</span>
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
