import { STATUSES, type Status } from '@presence/core';
import type { AdminStatusChange } from '@presence/core/protocol';
import { useId, type ReactNode } from 'react';
import { useDashboard } from '../dashboard.ts';
import type { OneUser } from '../data/one-user.ts';
import { TEXTS } from '../texts.ts';
import type { Answered } from './moment.ts';

const { user: WORDS } = TEXTS;

/** What the fields say, as the route takes it. */
const changeOf = (fields: FormData): AdminStatusChange => {
  const text = (name: string): string => {
    const value = fields.get(name);
    return typeof value === 'string' ? value.trim() : '';
  };
  const message = text('message');
  const forMs = Number(text('forMs'));
  return {
    status: text('status') as Status,
    ...(message !== '' && { message }),
    ...(forMs > 0 && { forMs }),
    ...(fields.get('holdsAbsent') !== null && { holdsAbsent: true }),
  };
};

const Fields = ({ id }: { readonly id: string }): ReactNode => (
  <>
    <label className="sr-only" htmlFor={`${id}-status`}>
      {WORDS.setStatus}
    </label>
    <select id={`${id}-status`} name="status" className="field" defaultValue="away">
      {STATUSES.map((status) => (
        <option key={status} value={status}>
          {TEXTS.status[status]}
        </option>
      ))}
    </select>
    <label className="sr-only" htmlFor={`${id}-ends`}>
      {WORDS.ends}
    </label>
    <select id={`${id}-ends`} name="forMs" className="field">
      {WORDS.endings.map(([ms, text]) => (
        <option key={ms} value={ms}>
          {text}
        </option>
      ))}
    </select>
    <input
      name="message"
      className="field status-message"
      maxLength={140}
      aria-label={WORDS.message}
      placeholder={WORDS.message}
    />
    <label className="check">
      <input type="checkbox" name="holdsAbsent" /> {WORDS.holdsAbsent}
    </label>
  </>
);

/** Declares a status for somebody, over everything that they say of themselves. */
export const StatusForm = ({
  one,
  answer,
  isBusy,
}: {
  readonly one: OneUser;
  readonly answer: Answered;
  readonly isBusy: boolean;
}): ReactNode => {
  const { api } = useDashboard();
  const id = useId();
  const hasClaim = answer.explanation.claims.some(({ source }) => source === 'admin');
  return (
    <form
      className="status-form"
      aria-label={WORDS.setStatus}
      onSubmit={(event) => {
        event.preventDefault();
        const change = changeOf(new FormData(event.currentTarget));
        void one.act((target) => api.setStatus(target, change));
      }}
    >
      <Fields id={id} />
      <span className="status-actions">
        {hasClaim && (
          <button
            type="button"
            className="button"
            disabled={isBusy}
            onClick={() => void one.act((target) => api.clearStatus(target))}
          >
            {WORDS.clear}
          </button>
        )}
        <button type="submit" className="button button-main" disabled={isBusy}>
          {WORDS.set}
        </button>
      </span>
    </form>
  );
};
