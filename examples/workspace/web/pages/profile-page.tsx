import { LastSeen, PresenceDot, usePresence } from '@presence/react';
import type { ReactNode } from 'react';
import type { UserPresence } from '@presence/client';
import { STATUS_WORDS } from '@presence/example-shared/web/words.ts';
import type { Member } from '../api.ts';
import { Face } from '../face.tsx';
import { HashIcon } from '../icons.tsx';
import { Link } from '../link.tsx';
import { useHere } from '../workspace-context.ts';
import { PageHead } from './page-head.tsx';

interface ProfilePageProps {
  readonly userId: string;
}

export const ProfilePage = ({ userId }: ProfilePageProps): ReactNode => {
  const { organisation, memberOf } = useHere();
  const member = memberOf(userId);
  const presence = usePresence(userId);
  return (
    <div className="page profile">
      <PageHead title="Profile" note={`As everybody at ${organisation.name} sees it`} />
      <main className="profile-page">
        <section
          className="hero"
          data-place="profile"
          data-user={userId}
          data-status={presence.status}
        >
          <Face member={member} status={presence.status} size="large" />
          <div className="hero-text">
            <h3>{member.name}</h3>
            <p>
              {member.title} · {member.place}
            </p>
          </div>
          <Standing presence={presence} />
        </section>
        <div className="cards">
          <Facts member={member} organisation={organisation.id} />
          <Channels userId={userId} />
          <Tasks userId={userId} />
        </div>
      </main>
    </div>
  );
};

const Standing = ({ presence }: { readonly presence: UserPresence }): ReactNode => {
  const { userId, status, message, emoji } = presence;
  return (
    <div className="standing">
      <span className="chip" data-status={status}>
        <PresenceDot status={status} label={null} /> {STATUS_WORDS[status]}
      </span>
      <span className="standing-note">
        {message !== null || emoji !== null ? (
          <>
            <span className="emoji">{emoji}</span> {message}
          </>
        ) : (
          <LastSeen userId={userId} />
        )}
      </span>
    </div>
  );
};

interface FactsProps {
  readonly member: Member;
  readonly organisation: string;
}

const Facts = ({ member, organisation }: FactsProps): ReactNode => (
  <section className="card">
    <h3>About</h3>
    <dl className="facts">
      <dt>E-mail</dt>
      <dd>
        {member.id}@{organisation}.example
      </dd>
      <dt>Role</dt>
      <dd>{member.title}</dd>
      <dt>Works from</dt>
      <dd>{member.place}</dd>
    </dl>
  </section>
);

const Channels = ({ userId }: ProfilePageProps): ReactNode => {
  const { organisation, path } = useHere();
  const channels = organisation.channels.filter(({ members }) => members.includes(userId));
  return (
    <section className="card">
      <h3>Channels</h3>
      {channels.length === 0 && <p className="quiet">None yet.</p>}
      <ul className="tags">
        {channels.map(({ id }) => (
          <li key={id}>
            <Link to={path('channels', id)} className="tag">
              <HashIcon />
              {id}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
};

const Tasks = ({ userId }: ProfilePageProps): ReactNode => {
  const { organisation, path } = useHere();
  const tasks = organisation.project.tasks.filter(({ owner }) => owner === userId);
  if (tasks.length === 0) return null;
  return (
    <section className="card">
      <h3>
        In <Link to={path('project')}>{organisation.project.name}</Link>
      </h3>
      <ul className="task-list">
        {tasks.map(({ title, state }) => (
          <li key={title} data-state={state}>
            {title}
          </li>
        ))}
      </ul>
    </section>
  );
};
