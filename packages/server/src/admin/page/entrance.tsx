import { useId, type ReactNode } from 'react';
import type { Entry } from './data/entry.ts';
import { Mark } from './icons.tsx';
import { TEXTS } from './texts.ts';

const { entry: WORDS } = TEXTS;

interface EntranceProps {
  readonly entry: Exclude<Entry, { readonly phase: 'in' }>;
  onToken(token: string): void;
  onRetry(): void;
}

const TokenForm = ({
  isRefused,
  onToken,
}: {
  readonly isRefused: boolean;
  onToken(token: string): void;
}): ReactNode => {
  const id = useId();
  return (
    <form
      className="token"
      onSubmit={(event) => {
        event.preventDefault();
        const text = new FormData(event.currentTarget).get('token');
        if (typeof text === 'string') onToken(text.trim());
      }}
    >
      <p className="fine">{WORDS.tokenHint}</p>
      <label htmlFor={id}>{WORDS.tokenLabel}</label>
      <span className="token-row">
        <input id={id} name="token" type="password" autoComplete="off" className="field" required />
        <button type="submit" className="button">
          {WORDS.takeToken}
        </button>
      </span>
      {isRefused && (
        <p className="failure" role="alert">
          {WORDS.tokenRefused}
        </p>
      )}
    </form>
  );
};

const Said = ({ entry }: Pick<EntranceProps, 'entry'>): ReactNode => {
  switch (entry.phase) {
    case 'asking':
      return <p className="fine">{WORDS.asking}</p>;
    case 'unreachable':
      return (
        <>
          <h1>{WORDS.unreachable}</h1>
          <p className="fine">{WORDS.unreachableHint}</p>
        </>
      );
    case 'signed-out':
      return (
        <>
          <h1>{WORDS.signedOut}</h1>
          <p className="fine">{WORDS.signedOutHint}</p>
        </>
      );
    case 'refused':
      return (
        <>
          <h1>{WORDS.refused(entry.userId)}</h1>
          <p className="refusal">{entry.reason}</p>
          <p className="fine">{WORDS.refusedHint}</p>
        </>
      );
  }
};

/** What stands before the dashboard, and what to do about it. */
export const Entrance = ({ entry, onToken, onRetry }: EntranceProps): ReactNode => {
  const mayRetry = entry.phase === 'signed-out' || entry.phase === 'refused';
  return (
    <main className="entrance" data-phase={entry.phase}>
      <div className="card entrance-card" role="status">
        <Mark />
        <Said entry={entry} />
      </div>
      {mayRetry && (
        <div className="card entrance-card">
          <button type="button" className="button button-main" onClick={onRetry}>
            {WORDS.tryAgain}
          </button>
          <TokenForm
            isRefused={entry.phase === 'signed-out' && entry.isRefusedToken}
            onToken={onToken}
          />
        </div>
      )}
    </main>
  );
};
