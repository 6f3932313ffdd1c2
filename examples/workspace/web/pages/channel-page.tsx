import { usePresence, usePresences } from '@presence/react';
import { Composer } from '@presence/example-shared/web/composer.tsx';
import { MessageList, type Shown } from '@presence/example-shared/web/message-list.tsx';
import type { ReactNode } from 'react';
import type { Channel } from '../api.ts';
import { Face } from '../face.tsx';
import { HashIcon } from '../icons.tsx';
import { Link } from '../link.tsx';
import { useTalkHere } from '../talk-context.ts';
import { useHere } from '../workspace-context.ts';
import { ChannelMembers } from './channel-members.tsx';
import { HereNow } from './here-now.tsx';
import { PageHead } from './page-head.tsx';

interface ChannelPageProps {
  readonly channel: Channel;
}

/** What is said in a channel, by whom, and who else is in it. */
export const ChannelPage = ({ channel }: ChannelPageProps): ReactNode => {
  const { me } = useHere();
  const { messages } = useTalkHere();
  const presences = usePresences(channel.members);
  const here = presences.filter(({ status }) => status !== 'offline' && status !== 'unknown');
  return (
    <div className="page channel">
      <PageHead title={channel.id} note={channel.topic} mark={<HashIcon />}>
        <HereNow userIds={here.map(({ userId }) => userId)} label="here now" />
      </PageHead>
      <main className="talk">
        <MessageList messages={messages} me={me.id} face={AuthorFace} name={AuthorName} />
        <Foot channel={channel} />
      </main>
      <ChannelMembers presences={presences} />
    </div>
  );
};

/** Members write; whoever else reads along is told why they do not. */
const Foot = ({ channel }: ChannelPageProps): ReactNode => {
  const { me, memberOf } = useHere();
  const { send } = useTalkHere();
  if (!channel.members.includes(me.id)) {
    return <p className="reads-along">You read along: members of #{channel.id} write here.</p>;
  }
  return <Composer room={channel.id} getName={(id) => memberOf(id).name} onSend={send} />;
};

const AuthorFace: Shown = ({ id }) => {
  const { memberOf, path } = useHere();
  const status = usePresence(id, (presence) => presence.status);
  const author = memberOf(id);
  return (
    <Link to={path('people', id)} className="message-face">
      <Face member={author} status={status} />
      <span className="hidden">{author.name}</span>
    </Link>
  );
};

const AuthorName: Shown = ({ id }) => {
  const { memberOf, path } = useHere();
  return (
    <Link to={path('people', id)} className="message-name">
      {memberOf(id).name}
    </Link>
  );
};
