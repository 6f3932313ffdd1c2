import { useId, type ReactNode } from 'react';
import { CLAIMABLE_STATUSES } from '@presence/core';
import { saysNothing, type Choice, type StatusDraft } from '../status-draft.ts';
import type { PresenceTexts } from '../texts.ts';
import { PresenceDot } from './presence-dot.tsx';

/** A part of the form that shows a draft and changes it. */
export interface DraftProps {
  readonly draft: StatusDraft;
  readonly change: (part: Partial<StatusDraft>) => void;
  readonly words: PresenceTexts;
}

/** Native radio buttons: arrow keys, focus and what screen readers say come with them. */
export const StatusChoices = ({
  draft,
  change,
  words,
  allowInvisible,
}: DraftProps & { readonly allowInvisible: boolean }): ReactNode => {
  const name = useId();
  const choices: readonly Choice[] =
    allowInvisible || draft.choice === 'invisible'
      ? [...CLAIMABLE_STATUSES, 'invisible']
      : CLAIMABLE_STATUSES;
  return (
    <fieldset className="presence-form__choices">
      <legend className="presence-sr-only">{words.setStatus}</legend>
      {choices.map((choice) => (
        <Option
          key={choice}
          {...{ name, choice }}
          text={choice === 'invisible' ? words.invisible : words.status[choice]}
          // "Online" that says something is held, whether the user goes away or not.
          hint={choice !== 'online' || saysNothing(draft) ? words.statusHint[choice] : undefined}
          checked={draft.choice === choice}
          onChoose={() => change({ choice })}
        />
      ))}
    </fieldset>
  );
};

interface OptionProps {
  readonly name: string;
  readonly choice: Choice;
  readonly text: string;
  readonly hint: string | undefined;
  readonly checked: boolean;
  readonly onChoose: () => void;
}

const Option = ({ name, choice, text, hint, checked, onChoose }: OptionProps): ReactNode => {
  const hintId = `${name}${choice}`;
  return (
    <label className="presence-choice">
      <input
        type="radio"
        className="presence-sr-only"
        // The name is the status alone; the hint is read after it.
        aria-label={text}
        aria-describedby={hint && hintId}
        name={name}
        value={choice}
        checked={checked}
        onChange={onChoose}
      />
      <PresenceDot status={choice === 'invisible' ? 'offline' : choice} size={12} label={null} />
      <span className="presence-choice__name">{text}</span>
      {hint && (
        <span id={hintId} className="presence-choice__hint">
          {hint}
        </span>
      )}
    </label>
  );
};
