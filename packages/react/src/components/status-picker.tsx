import { createElement, useId, type ReactNode } from 'react';
import { useMyPresence } from '../hooks/use-my-presence.ts';
import { ownClaim } from '../own-claim.ts';
import { usePresenceContext, useTexts } from '../presence-context.ts';
import { timeOrDate } from '../relative-time.ts';
import type { PresenceTexts } from '../texts.ts';
import { PresenceDot } from './presence-dot.tsx';
import { usePopup } from './use-popup.ts';
import { loadStatusForm, useStatusForm } from './use-status-form.ts';
import { useStatusSaving, type StatusSaving } from './use-status-saving.ts';

export interface StatusPickerProps {
  /** Offers "Invisible". Turn it off where the policy does not let users hide. Default true. */
  readonly allowInvisible?: boolean | undefined;
  /** Where the form opens. Default `below`. On narrow screens it comes up from the bottom edge. */
  readonly placement?: 'above' | 'below' | undefined;
  /** Which edge of the button the form keeps to; `end` for a picker at the end of a bar. Default `start`. */
  readonly align?: 'start' | 'end' | undefined;
  readonly texts?: Partial<PresenceTexts> | undefined;
  readonly className?: string | undefined;
}

/** Shows the signed-in user's own status and lets them set it, with a message and an end. */
export const StatusPicker = ({
  allowInvisible = true,
  placement = 'below',
  align = 'start',
  texts,
  className = '',
}: StatusPickerProps): ReactNode => {
  const words = useTexts(texts);
  const { open: wanted, root, trigger, toggle, close, onKeyDown } = usePopup();
  const saving = useStatusSaving(close);
  const { progress } = saving;
  const stopped = progress === 'notConnected';
  const form = useStatusForm(wanted && !stopped, () => {
    close();
    saving.failToLoad();
  });
  const open = form !== null;
  const formId = useId();
  const onClick = (): void => {
    saving.forget();
    toggle();
  };
  return (
    <div ref={root} className={`presence-picker ${className}`.trim()} onKeyDown={onKeyDown}>
      <button
        ref={trigger}
        type="button"
        className="presence-picker__trigger"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-controls={open ? formId : undefined}
        disabled={stopped}
        onPointerEnter={preload}
        onClick={onClick}
      >
        <OwnStatus {...{ words }} progress={open ? null : progress} />
      </button>
      {!open && (progress === 'saveFailed' || progress === 'loadFailed') && (
        // Within the button it would be part of a name, and no alert.
        <p className="presence-sr-only" role="alert">
          {words[progress]}
        </p>
      )}
      {form && (
        <div
          id={formId}
          className="presence-picker__popup"
          data-placement={placement}
          data-align={align}
          role="dialog"
          aria-label={words.setStatus}
        >
          {createElement(form, { words, allowInvisible, saving })}
        </div>
      )}
    </div>
  );
};

/** Who points at the button is likely to press it; where that fails, the press tries again and says so. */
const preload = (): void => void loadStatusForm().catch(() => {});

interface OwnStatusProps {
  readonly words: PresenceTexts;
  /** Stands in the place of what the user says. */
  readonly progress: StatusSaving['progress'];
}

const OwnStatus = ({ words, progress }: OwnStatusProps): ReactNode => {
  const { presence } = useMyPresence();
  const { clock } = usePresenceContext();
  const hidden = presence.visibility === 'hidden';
  // Somebody who hides reads as what they are to others.
  const status = hidden ? 'offline' : presence.status;
  const name = hidden ? words.invisible : words.status[status];
  const until = ownClaim(presence)?.until;
  const said = [
    [presence.emoji, presence.message].filter(Boolean).join(' '),
    until !== undefined && words.until(timeOrDate(until, clock.now(), words.locale)),
  ];
  const note = progress ? words[progress] : said.filter(Boolean).join(' · ');
  return (
    <>
      <PresenceDot status={status} size={12} label={null} />
      <span className="presence-sr-only">{words.yourStatus(name)}</span>
      <span className="presence-picker__own">
        <span className="presence-picker__name" aria-hidden>
          {name}
        </span>
        {note && (
          <span className="presence-picker__note" data-progress={progress}>
            {note}
          </span>
        )}
      </span>
    </>
  );
};
