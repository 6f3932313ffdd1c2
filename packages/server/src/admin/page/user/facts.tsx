import type { ReactNode } from 'react';
import { TEXTS } from '../texts.ts';
import { ago } from '../time.ts';
import type { Moment } from './moment.ts';

const { user: WORDS } = TEXTS;

/** What is stored of them besides. */
export const Facts = ({ answer: { user }, now }: Moment): ReactNode => {
  const { lastSeenAt } = user.presence;
  const facts: readonly (readonly [string, string | undefined])[] = [
    [WORDS.userId, user.userId],
    [WORDS.email, user.profile?.email],
    [WORDS.lastSeen, lastSeenAt === null ? undefined : ago(now - lastSeenAt)],
    [WORDS.visibility, user.visibility === 'hidden' ? WORDS.hidden : WORDS.visible],
    [WORDS.revision, String(user.revision)],
  ];
  return (
    <section className="part" aria-label={WORDS.facts}>
      <h3>{WORDS.facts}</h3>
      <dl className="record">
        {facts.map(
          ([name, value]) =>
            value !== undefined && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
};
