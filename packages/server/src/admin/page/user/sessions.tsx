import { TOUCH_SESSION, type ExplainedSession } from '@presence/core';
import type { ReactNode } from 'react';
import { useDashboard } from '../dashboard.ts';
import type { OneUser } from '../data/one-user.ts';
import { TEXTS } from '../texts.ts';
import { span } from '../time.ts';
import type { Moment } from './moment.ts';
import { useMay } from './use-right.ts';

const { user: WORDS } = TEXTS;

interface SessionsProps extends Moment {
  readonly one: OneUser;
  readonly isBusy: boolean;
}

const nameOf = ({ id, device, via }: ExplainedSession): string =>
  id === TOUCH_SESSION ? WORDS.touched : WORDS.session(device, via);

const factsOf = (session: ExplainedSession, now: number, at: number): string => {
  const { idleSince, openedAt, leaseEndsAt, endsAt } = session;
  const activity = idleSince === null ? WORDS.active : WORDS.idle(span(now - idleSince));
  const lease =
    endsAt !== null
      ? WORDS.closing(span(endsAt - at))
      : leaseEndsAt === null
        ? WORDS.leaseEnded
        : WORDS.lease(span(leaseEndsAt - at));
  return [activity, WORDS.open(span(now - openedAt)), lease].join(' · ');
};

/** Every browser and app that makes them present. */
export const Sessions = ({ one, answer, now, isBusy }: SessionsProps): ReactNode => {
  const { api } = useDashboard();
  const may = useMay();
  const { sessions, at } = answer.explanation;
  return (
    <section className="part" aria-label={WORDS.sessions}>
      <h3>
        {WORDS.sessions} <span className="tally">{sessions.length}</span>
      </h3>
      {sessions.length === 0 && <p className="fine">{WORDS.noSessions}</p>}
      <ul className="entries">
        {sessions.map((session) => (
          <li key={session.id} className="entry" data-session={session.id}>
            <span className="entry-light" data-activity={session.activity} aria-hidden="true" />
            <span className="entry-text">
              <span className="entry-name">{nameOf(session)}</span>
              <span className="fine">{factsOf(session, now, at)}</span>
            </span>
            {may('admin:sessions:write') && (
              <button
                type="button"
                className="button button-small"
                disabled={isBusy}
                aria-label={WORDS.disconnectOne(nameOf(session))}
                onClick={() => void one.act((target) => api.disconnect(target, session.id))}
              >
                {WORDS.disconnect}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
};
