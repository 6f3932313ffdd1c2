import { useMyPresence, usePresenceClient } from '@presence/react';
import { useMemo, useSyncExternalStore, type ReactNode } from 'react';
import type { Login, Person, Told } from '../api.ts';
import { STATUS_WORDS } from '@presence/example-shared/web/words.ts';
import { Claims } from './claims.tsx';
import { Next } from './next.tsx';
import { Sessions } from './sessions.tsx';
import { Timeline } from './timeline.tsx';
import { liveExplanation, type Explained } from './live-explanation.ts';
import { useMoment } from './moment.ts';

interface WhyProps {
  readonly login: Login;
  readonly person: Person;
}

const firstName = ({ name }: Person): string => name.split(' ')[0] ?? name;

const questionOf = (
  person: Person,
  status: Told['status'],
  isMe: boolean,
  isHidden: boolean,
): string => {
  const word = STATUS_WORDS[status].toLowerCase();
  if (!isMe) return `Why does ${firstName(person)} show as ${word}?`;
  return isHidden ? `Why am I ${word}, and nobody sees it?` : `Why do I show as ${word}?`;
};

export const Why = ({ login, person }: WhyProps): ReactNode => {
  const client = usePresenceClient();
  const live = useMemo(() => liveExplanation(client, login, person.id), [client, login, person.id]);
  const explained = useSyncExternalStore(live.subscribe, live.read);
  return explained ? (
    <Answer {...{ login, person, explained }} />
  ) : (
    <section className="why" aria-busy="true" />
  );
};

const Answer = ({
  login,
  person,
  explained,
}: WhyProps & { readonly explained: Explained }): ReactNode => {
  const { presence } = useMyPresence();
  const moment = useMoment(explained);
  const { told } = moment;
  const isMe = person.id === login.person.id;
  const [decision = '', ...others] = told.sentences;
  // The last of them is what comes next, which has a countdown of its own below.
  const more = told.next && told.next.status !== told.status ? others.slice(0, -1) : others;
  const question = questionOf(person, told.status, isMe, presence.visibility === 'hidden');
  return (
    <section className="why" aria-label={question} data-testid="why">
      <div className="card answer">
        <h3 className="question">{question}</h3>
        <p className="decision" data-testid="decision">
          {isMe ? decision.replace('they set it themselves', 'you set it yourself') : decision}
        </p>
        {more.map((sentence) => (
          <p key={sentence} className="sentence">
            {sentence}
          </p>
        ))}
        <Next {...moment} />
      </div>
      {told.full ? (
        <>
          <div className="pair">
            <Claims {...moment} />
            <Sessions {...moment} />
          </div>
          <Timeline {...moment} />
        </>
      ) : (
        <p className="fine-print">
          This application keeps the rest to {firstName(person)}: if more were said of people who
          left, you could tell who is only invisible.
        </p>
      )}
      <p className="fine-print">
        This panel is one call on the server: <code>presence.explain('{person.id}')</code>
      </p>
    </section>
  );
};
