import type { ReactNode } from 'react';
import type { Outcome } from '../data/one-user.ts';
import { CloseIcon } from '../icons.tsx';
import { TEXTS } from '../texts.ts';

const { user: WORDS } = TEXTS;

const textOf = (outcome: Outcome): string =>
  outcome.kind === 'failed' ? WORDS.failed(outcome.reason) : WORDS[outcome.kind];

/** How the last thing went that was done. It is read out, and stays until it is put away. */
export const Notice = ({
  outcome,
  onDismiss,
}: {
  readonly outcome: Outcome | null;
  onDismiss(): void;
}): ReactNode => (
  <div role="status" aria-live="polite">
    {outcome && (
      <div
        className={`notice notice-${outcome.kind}`}
        data-testid="notice"
        data-kind={outcome.kind}
      >
        <p>{textOf(outcome)}</p>
        <button
          type="button"
          className="icon-button"
          aria-label={WORDS.dismiss}
          onClick={onDismiss}
        >
          <CloseIcon />
        </button>
      </div>
    )}
  </div>
);
