import type { ReactNode } from 'react';
import type { Told } from '../api.ts';
import { span } from '@presence/example-shared/web/words.ts';
import type { Moment } from './moment.ts';

type Session = Told['sessions'][number];

const nameOf = ({ id, device, via }: Session): string => {
  if (id === 'touch') return 'Kept by the server';
  return `${device === 'web' ? 'Browser' : (device ?? 'Some device')}, over ${via === 'socket' ? 'a socket' : 'HTTP'}`;
};

const activityOf = ({ idleSince, openedAt }: Session, now: number, isCurrent: boolean): string => {
  const active = isCurrent ? 'active now' : 'active then';
  const activity = idleSince === null ? active : `no input for ${span(now - idleSince)}`;
  return openedAt === null ? activity : `${activity} · open for ${span(now - openedAt)}`;
};

/** Who holds the lease says how soon a dead connection is noticed. */
const leaseOf = ({ via, leaseEndsAt, endsAt }: Session, at: number): string => {
  if (endsAt !== null) return `page closed: ends in ${span(endsAt - at)}`;
  if (leaseEndsAt === null) return 'lease ended';
  return via === 'socket'
    ? `on the lease of the server’s node: ${span(leaseEndsAt - at)}`
    : `own lease, good for ${span(leaseEndsAt - at)}`;
};

/** Every browser and app that makes them present. */
export const Sessions = ({ told, now, isCurrent }: Moment): ReactNode => (
  <div className="card">
    <h4>Sessions that are alive</h4>
    {told.sessions.length === 0 && <p className="empty">None.</p>}
    <ul className="sessions">
      {told.sessions.map((session) => (
        <li key={session.id} className="session" data-activity={session.activity}>
          <span className="session-light" aria-hidden="true" />
          <span className="session-text">
            <span className="session-name">{nameOf(session)}</span>
            <span className="session-fact">{activityOf(session, now, isCurrent)}</span>
            <span className="session-fact">{leaseOf(session, told.at)}</span>
          </span>
        </li>
      ))}
    </ul>
  </div>
);
