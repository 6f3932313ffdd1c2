import type { ReactNode } from 'react';
import { usePresenceContext } from '../presence-context.ts';
import { timeOrDate } from '../relative-time.ts';
import { EMOJI_LENGTH, ENDINGS, MESSAGE_LENGTH, type Ending } from '../status-draft.ts';
import type { DraftProps } from './status-choices.tsx';

/** What is said beside the status, and when it ends. */
export const StatusDetails = ({
  draft,
  change,
  words,
  until,
}: DraftProps & { readonly until: number | undefined }): ReactNode => {
  const { clock } = usePresenceContext();
  return (
    <div className="presence-form__details">
      <div className="presence-form__message">
        <input
          className="presence-field presence-field--emoji"
          aria-label={words.emoji}
          placeholder="🙂"
          maxLength={EMOJI_LENGTH}
          value={draft.emoji}
          onChange={({ target }) => change({ emoji: target.value })}
        />
        <input
          className="presence-field"
          aria-label={words.message}
          placeholder={words.messagePlaceholder}
          maxLength={MESSAGE_LENGTH}
          value={draft.message}
          onChange={({ target }) => change({ message: target.value })}
        />
      </div>
      <label className="presence-form__ending">
        <span>{words.clearAfter}</span>
        <select
          className="presence-field"
          value={draft.ending}
          onChange={({ target }) => change({ ending: target.value as Ending })}
        >
          {until !== undefined && (
            <option value="as-set">
              {words.until(timeOrDate(until, clock.now(), words.locale))}
            </option>
          )}
          {ENDINGS.map((ending) => (
            <option key={ending} value={ending}>
              {words.ending[ending]}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
};
