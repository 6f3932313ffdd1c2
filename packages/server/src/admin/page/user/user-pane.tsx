import { PresenceDot } from '@presence/react';
import { useEffect, useRef, type ReactNode } from 'react';
import { useDashboard, useValue } from '../dashboard.ts';
import type { OneUser, Seen } from '../data/one-user.ts';
import { BackIcon, CloseIcon } from '../icons.tsx';
import { Past } from '../past/past.tsx';
import { Avatar, nameOf } from '../person.tsx';
import { TEXTS } from '../texts.ts';
import { Actions } from './actions.tsx';
import { Claims } from './claims.tsx';
import { Facts } from './facts.tsx';
import { History } from './history.tsx';
import { Notice } from './notice.tsx';
import { Sessions } from './sessions.tsx';
import { useMoment, type Answered } from './moment.ts';
import { useOneUser } from './use-one-user.ts';
import { useMay } from './use-right.ts';

const { user: WORDS } = TEXTS;

interface PaneProps {
  readonly userId: string;
  onClose(): void;
}

const Who = ({ answer }: { readonly answer: Answered }): ReactNode => {
  const { user } = answer;
  const { presence, publicStatus, account } = user;
  return (
    <div className="who">
      <Avatar user={user} size={52}>
        <span className="who-dot">
          <PresenceDot status={presence.status} size={15} label={null} rim />
        </span>
      </Avatar>
      <div className="who-text">
        <h2>{nameOf(user)}</h2>
        <p className="who-status" data-testid="user-status" data-status={presence.status}>
          {TEXTS.status[presence.status]}
          {presence.message !== undefined && <span className="fine"> · {presence.message}</span>}
        </p>
        {publicStatus !== presence.status && (
          <p className="fine">{WORDS.seenByOthers(TEXTS.status[publicStatus])}</p>
        )}
      </div>
      <span className={`account account-${account}`} data-testid="user-account">
        {TEXTS.account[account]}
      </span>
    </div>
  );
};

const Why = ({ answer }: { readonly answer: Answered }): ReactNode => (
  <section className="part" aria-label={WORDS.why}>
    <h3>{WORDS.why}</h3>
    {answer.explanation.sentences.map((sentence, index) => (
      <p
        key={sentence}
        className={index === 0 ? 'decision' : 'fine'}
        data-testid={index === 0 ? 'why' : undefined}
      >
        {sentence}
      </p>
    ))}
  </section>
);

const Content = ({ one, seen }: { readonly one: OneUser; readonly seen: Seen }): ReactNode => {
  const moment = useMoment(seen);
  const { history } = useDashboard().config;
  const may = useMay();
  if (!moment) {
    return <p className="empty">{seen.failure ?? WORDS.loading}</p>;
  }
  const { answer, now } = moment;
  return (
    <>
      <Who answer={answer} />
      <Notice outcome={seen.outcome} onDismiss={one.dismiss} />
      <Why answer={answer} />
      <Actions {...{ one, answer }} isBusy={seen.isBusy} />
      <Sessions {...{ one, answer, now }} isBusy={seen.isBusy} />
      <Claims {...{ answer, now }} />
      <History {...{ answer, now }} />
      {history !== null && may('admin:history:read') && <Past {...{ answer, now }} />}
      <Facts {...{ answer, now }} />
    </>
  );
};

/** Everything of one user, and what can be done. */
export const UserPane = ({ userId, onClose }: PaneProps): ReactNode => {
  const one = useOneUser(userId);
  const pane = useRef<HTMLElement>(null);
  useEffect(() => pane.current?.focus(), []);
  return (
    <aside
      className="card pane"
      aria-label={WORDS.label(userId)}
      data-testid="pane"
      ref={pane}
      tabIndex={-1}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <div className="pane-bar">
        <button type="button" className="button button-quiet pane-back" onClick={onClose}>
          <BackIcon /> {WORDS.back}
        </button>
        <code className="pane-id">{userId}</code>
        <button
          type="button"
          className="icon-button pane-close"
          aria-label={WORDS.close}
          onClick={onClose}
        >
          <CloseIcon />
        </button>
      </div>
      <Content one={one} seen={useValue(one.seen)} />
    </aside>
  );
};
