import { PresenceDot } from '@presence/react';
import type { ReactNode } from 'react';
import { Avatar } from '@presence/example-shared/web/avatar.tsx';
import { useNow } from '@presence/example-shared/web/use-now.ts';
import { countdown, STATUS_WORDS } from '@presence/example-shared/web/words.ts';
import type { Audited } from '../api.ts';
import { CloseIcon } from '../icons.tsx';
import { Link } from '../link.tsx';
import { picturedOf } from '../pictured.ts';
import { useSession } from '../session.ts';
import { SignIns } from '../sign-ins.tsx';
import { Steps } from '../steps.tsx';
import { When } from '../when.tsx';
import { AccountBadge } from './account-badge.tsx';
import { Actions } from './actions.tsx';
import { StatusForm } from './status-form.tsx';
import { useActs } from './use-acts.ts';
import { usePerson, type Person } from './use-person.ts';

interface PersonPaneProps {
  readonly userId: string;
  /** Something was done with them. */
  readonly onChanged: () => void;
}

export const PersonPane = ({ userId, onChanged }: PersonPaneProps): ReactNode => {
  const { answer, problem, again } = usePerson(userId);
  return (
    <aside className="pane" aria-label="One person" data-testid="pane">
      <Link to="/people" className="icon-button pane-close">
        <CloseIcon />
        <span className="hidden">Close</span>
      </Link>
      {problem && (
        <p role="alert" className="said said-bad">
          {problem.message}
        </p>
      )}
      {answer && (
        <Content
          person={answer}
          onChanged={() => {
            again();
            onChanged();
          }}
        />
      )}
    </aside>
  );
};

interface ContentProps {
  readonly person: Person;
  readonly onChanged: () => void;
}

const Content = ({ person, onChanged }: ContentProps): ReactNode => {
  const { user, explanation, row, signIns, audited } = person;
  const { user: viewer } = useSession();
  const [acts, said, isBusy] = useActs(user.userId, user.revision, onChanged);
  const isSelf = viewer.id === user.userId;
  return (
    <>
      <Head person={person} />
      <p className="why" data-testid="why">
        {explanation.sentences.join(' ')}
      </p>
      {said && (
        <p role="status" className={`said said-${said.kind}`} data-testid="said">
          {said.text}
        </p>
      )}
      {isSelf ? (
        <p className="fine-print">This is you: another admin decides about your account.</p>
      ) : (
        <Actions name={row.name} account={user.account} isBusy={isBusy} acts={acts} />
      )}
      <Section title="Set a status">
        <StatusForm
          acts={acts}
          isBusy={isBusy}
          hasClaim={user.claims.some(({ source }) => source === 'admin')}
        />
      </Section>
      <Section title="Sessions">
        <Sessions person={person} />
      </Section>
      <Section title="Last changes">
        <Steps steps={explanation.transitions.toReversed()} />
      </Section>
      <Section title="Sign-ins">
        <SignIns signIns={signIns} />
      </Section>
      <Section title="What admins did">
        <Done audited={audited} />
      </Section>
    </>
  );
};

const Section = (props: { readonly title: string; readonly children: ReactNode }): ReactNode => (
  <section className="pane-section">
    <h3>{props.title}</h3>
    {props.children}
  </section>
);

const Head = ({ person: { user, row } }: Pick<ContentProps, 'person'>): ReactNode => (
  <header className="pane-head" data-status={user.presence.status} data-account={user.account}>
    <Avatar person={picturedOf(user.userId, row.name)} size="large">
      <PresenceDot
        status={user.presence.status}
        size={18}
        rim
        className="avatar-dot"
        label={null}
      />
    </Avatar>
    <div className="hero-text">
      <h2>{row.name}</h2>
      <p className="muted">
        {row.title}
        {row.role === 'admin' && ' · Admin'}
      </p>
      <p className="fine-print">{row.email}</p>
      <p className="pane-facts">
        <span className="chip" data-status={user.presence.status}>
          <PresenceDot status={user.presence.status} label={null} />{' '}
          {STATUS_WORDS[user.presence.status]}
        </span>
        <AccountBadge account={user.account} />
      </p>
    </div>
  </header>
);

const Sessions = ({ person: { explanation } }: Pick<ContentProps, 'person'>): ReactNode => {
  const now = useNow();
  const { sessions } = explanation;
  if (sessions.length === 0) return <p className="fine-print">None is alive.</p>;
  return (
    <ul className="lines" data-testid="sessions">
      {sessions.map(({ id, via, device, activity, openedAt, leaseEndsAt }) => (
        <li key={id} className="line" data-via={via}>
          <span className="line-what">
            {id === 'touch'
              ? 'Requests'
              : `${device ?? 'A device'}, ${via === 'socket' ? 'socket' : 'heartbeats'}`}
          </span>
          <span className="line-more">
            {activity}
            {via === 'http' && leaseEndsAt !== null && `, ${countdown(leaseEndsAt - now)} left`}
          </span>
          <When at={openedAt} />
        </li>
      ))}
    </ul>
  );
};

const WORDS: Readonly<Record<string, string>> = {
  account: 'Account',
  'sign-out': 'Signed out everywhere',
  'admin:status:write': 'Status',
  'admin:sessions:write': 'Session ended',
};

/** `{"account":"banned"}` as `banned`. */
const detailsOf = (details: string): string =>
  Object.values((JSON.parse(details) as Readonly<Record<string, unknown>> | null) ?? {})
    .filter((value) => typeof value === 'string')
    .join(', ');

const Done = ({ audited }: { readonly audited: readonly Audited[] }): ReactNode =>
  audited.length === 0 ? (
    <p className="fine-print">Nothing.</p>
  ) : (
    <ul className="lines" data-testid="audited">
      {audited.map(({ at, actor, action, details }) => (
        <li key={`${at} ${action}`} className="line">
          <span className="line-what">{WORDS[action] ?? action}</span>
          <span className="line-more">
            {[detailsOf(details), actor].filter(Boolean).join(' · ')}
          </span>
          <When at={at} />
        </li>
      ))}
    </ul>
  );
