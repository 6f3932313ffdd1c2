import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { useMyPresence } from '../hooks/use-my-presence.ts';
import { ownClaim } from '../own-claim.ts';
import { usePresenceContext } from '../presence-context.ts';
import { draftOf, NOTHING_SAID, type StatusDraft } from '../status-draft.ts';
import type { PresenceTexts } from '../texts.ts';
import { sendStatus } from './send-status.ts';
import { StatusChoices } from './status-choices.tsx';
import { StatusDetails } from './status-details.tsx';
import type { StatusSaving } from './use-status-saving.ts';

export interface StatusFormProps {
  readonly words: PresenceTexts;
  readonly allowInvisible: boolean;
  readonly saving: StatusSaving;
}

/** Lives while the picker is open: what was not saved is forgotten. */
export const StatusForm = ({ words, allowInvisible, saving }: StatusFormProps): ReactNode => {
  const mine = useMyPresence();
  const { presence } = mine;
  const { clock } = usePresenceContext();
  const [before] = useState(presence);
  const [edits, setEdits] = useState<Partial<StatusDraft>>({});
  const { progress } = saving;
  const draft = draftOf(before, edits);
  const claim = ownClaim(presence);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>(':checked')?.focus(), []);

  const change = (part: Partial<StatusDraft>): void => setEdits((held) => ({ ...held, ...part }));
  const save = (said: StatusDraft): void => saving.save(() => sendStatus(mine, said, clock.now()));
  const busy = progress === 'saving' || progress === 'waiting';
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    save(draft);
  };
  return (
    <form ref={form} className="presence-form" onSubmit={onSubmit}>
      <StatusChoices {...{ draft, change, words, allowInvisible }} />
      {draft.choice !== 'invisible' && (
        <StatusDetails {...{ draft, change, words }} until={claim?.until} />
      )}
      {progress === 'saveFailed' && (
        <p className="presence-form__failure" role="alert">
          {words.saveFailed}
        </p>
      )}
      <div className="presence-form__actions">
        {(claim || presence.visibility === 'hidden') && (
          <button
            type="button"
            className="presence-button"
            aria-disabled={busy}
            onClick={() => save(NOTHING_SAID)}
          >
            {words.clear}
          </button>
        )}
        <button
          type="submit"
          className="presence-button presence-button--main"
          aria-disabled={busy}
        >
          {words[busy ? progress : 'save']}
        </button>
      </div>
    </form>
  );
};
