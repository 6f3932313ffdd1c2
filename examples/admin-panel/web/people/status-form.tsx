import type { Status } from '@presence/core';
import { useState, type ReactNode } from 'react';
import { STATUS_WORDS } from '@presence/example-shared/web/words.ts';
import { Select, type Choice } from '../select.tsx';
import type { Acts } from './use-acts.ts';

const STATUSES: readonly Choice[] = (['online', 'away', 'busy', 'dnd', 'offline'] as const).map(
  (status) => [status, STATUS_WORDS[status]],
);

/** In milliseconds. */
const ENDINGS: readonly Choice[] = [
  ['0', 'Until it is cleared'],
  ['1800000', '30 minutes'],
  ['3600000', '1 hour'],
  ['28800000', '8 hours'],
];

interface StatusFormProps {
  readonly acts: Acts;
  readonly isBusy: boolean;
  /** Whether a status of an admin stands. */
  readonly hasClaim: boolean;
}

/** A status that wins over everything that they say themselves. */
export const StatusForm = ({ acts, isBusy, hasClaim }: StatusFormProps): ReactNode => {
  const [status, setStatus] = useState<Status>('busy');
  const [message, setMessage] = useState('');
  const [forMs, setForMs] = useState(0);
  const [holdsAbsent, setHoldsAbsent] = useState(false);
  return (
    <form
      className="status-form"
      onSubmit={(event) => {
        event.preventDefault();
        acts.setStatus({
          status,
          holdsAbsent,
          ...(message.trim() && { message: message.trim() }),
          ...(forMs > 0 && { forMs }),
        });
      }}
    >
      <Select
        label="Status to set"
        value={status}
        choices={STATUSES}
        onChange={(value) => setStatus(value as Status)}
      />
      <Select
        label="For how long"
        value={String(forMs)}
        choices={ENDINGS}
        onChange={(value) => setForMs(Number(value))}
      />
      <input
        className="input status-message"
        aria-label="Message"
        placeholder="Message, if any"
        maxLength={140}
        value={message}
        onChange={({ target }) => setMessage(target.value)}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={holdsAbsent}
          onChange={({ target }) => setHoldsAbsent(target.checked)}
        />
        Also while they are not here
      </label>
      <div className="actions">
        <button type="submit" className="button" disabled={isBusy}>
          Set status
        </button>
        {hasClaim && (
          <button type="button" className="button" disabled={isBusy} onClick={acts.clearStatus}>
            Clear it
          </button>
        )}
      </div>
    </form>
  );
};
