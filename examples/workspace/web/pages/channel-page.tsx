import { usePresences } from '@presence/react';
import type { ReactNode } from 'react';
import type { UserPresence } from '@presence/client';
import type { Channel } from '../api.ts';
import { Face } from '../face.tsx';
import { HashIcon } from '../icons.tsx';
import { Link } from '../link.tsx';
import { useHere } from '../workspace-context.ts';
import { ChannelMembers } from './channel-members.tsx';
import { HereNow } from './here-now.tsx';
import { PageHead } from './page-head.tsx';

interface ChannelPageProps {
  readonly channel: Channel;
}

export const ChannelPage = ({ channel }: ChannelPageProps): ReactNode => {
  const presences = usePresences(channel.members);
  const here = presences.filter(({ status }) => status !== 'offline' && status !== 'unknown');
  return (
    <div className="page channel">
      <PageHead title={channel.id} note={channel.topic} mark={<HashIcon />}>
        <HereNow userIds={here.map(({ userId }) => userId)} label="here now" />
      </PageHead>
      <main className="feed" tabIndex={-1}>
        <p className="day">
          <span>Today</span>
        </p>
        <ol>
          {channel.posts.map((post) => (
            <Post key={post.at} {...post} presence={presences[channel.members.indexOf(post.by)]} />
          ))}
        </ol>
      </main>
      <ChannelMembers presences={presences} />
    </div>
  );
};

interface PostProps {
  readonly by: string;
  readonly at: string;
  readonly text: string;
  readonly presence: UserPresence | undefined;
}

const Post = ({ by, at, text, presence }: PostProps): ReactNode => {
  const { memberOf, path } = useHere();
  const author = memberOf(by);
  return (
    <li className="post">
      <Link to={path('people', by)} className="post-face">
        <Face member={author} status={presence?.status ?? 'unknown'} />
        <span className="hidden">{author.name}</span>
      </Link>
      <div>
        <p className="post-head">
          <Link to={path('people', by)} className="post-name">
            {author.name}
          </Link>
          <time>{at}</time>
        </p>
        <p className="post-text">{text}</p>
      </div>
    </li>
  );
};
