import { LastSeen, PresenceDot, useMyPresence } from '@presence/react';
import { useCallback, type ReactNode } from 'react';
import { Avatar } from '@presence/example-shared/web/avatar.tsx';
import { STATUS_WORDS } from '@presence/example-shared/web/words.ts';
import type { SignIn, User } from './api.ts';
import { useMode, useRefreshMs } from './mode.ts';
import { picturedOf } from './pictured.ts';
import { useSession } from './session.ts';
import { SignIns } from './sign-ins.tsx';
import { Steps, type ShownStep } from './steps.tsx';
import { useAsked } from './use-asked.ts';

interface Mine {
  readonly user: User;
  readonly signIns: readonly SignIn[];
  readonly steps: readonly ShownStep[];
}

const HOW = {
  live: 'This page keeps you here over one socket, shared by all your tabs.',
  polling: 'This page keeps you here by heartbeats, as long as they come.',
} as const;

/** One's own profile: how others see one, and what was kept of it. */
export const OwnPage = (): ReactNode => {
  const { user, call } = useSession();
  const { presence } = useMyPresence();
  const mode = useMode();
  const ask = useCallback(
    (signal: AbortSignal) => call<Mine>('GET', '/api/me', { signal }),
    [call],
  );
  const { answer } = useAsked(ask, useRefreshMs(), presence.version);
  const { status, emoji, message } = presence;
  return (
    <main className="own-page">
      <section className="hero" data-testid="profile" data-status={status}>
        <Avatar person={picturedOf(user.id, user.name)} size="large">
          <PresenceDot status={status} size={18} rim className="avatar-dot" label={null} />
        </Avatar>
        <div className="hero-text">
          <h1>{user.name}</h1>
          <p className="muted">
            {answer?.user.title ?? user.title} · {user.email}
            {user.role === 'admin' && ' · Admin'}
          </p>
        </div>
        <div className="hero-status">
          <span className="chip" data-status={status}>
            <PresenceDot status={status} label={null} /> {STATUS_WORDS[status]}
          </span>
          <span className="fine-print">
            {message !== null || emoji !== null ? (
              <>
                <span className="emoji">{emoji}</span> {message}
              </>
            ) : (
              <LastSeen userId={user.id} />
            )}
          </span>
        </div>
      </section>
      <p className="fine-print how">{HOW[mode]}</p>
      <div className="cards">
        <section className="card">
          <h2>Your presence</h2>
          <Steps steps={answer?.steps ?? []} />
        </section>
        <section className="card">
          <h2>Your sign-ins</h2>
          <SignIns signIns={answer?.signIns ?? []} />
        </section>
      </div>
    </main>
  );
};
