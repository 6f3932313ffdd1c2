import { useCallback, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { MyPresence } from '@presence/client';
import { useMyPresence } from '../hooks/use-my-presence.ts';
import { usePresenceContext, useTexts } from '../presence-context.ts';
import { timeOrDate } from '../relative-time.ts';
import { ownClaim } from '../status-draft.ts';
import type { PresenceTexts } from '../texts.ts';
import { PresenceDot } from './presence-dot.tsx';
import { StatusForm } from './status-form.tsx';
import { useDismissal } from './use-dismissal.ts';

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
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  const formId = useId();
  const dismiss = useCallback(() => setOpen(false), []);
  useDismissal(open, root, dismiss);
  const close = (): void => {
    setOpen(false);
    trigger.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !open) return;
    // A dialog around the picker stays open.
    event.stopPropagation();
    close();
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
        onClick={() => setOpen(!open)}
      >
        <OwnStatus words={words} />
      </button>
      {open && (
        <div
          id={formId}
          className="presence-picker__popup"
          data-placement={placement}
          data-align={align}
          role="dialog"
          aria-label={words.setStatus}
        >
          <StatusForm {...{ words, allowInvisible }} onSaved={close} />
        </div>
      )}
    </div>
  );
};

/** Somebody who hides reads as what they are to others. */
const nameOf = (me: MyPresence, words: PresenceTexts): string =>
  me.visibility === 'hidden' ? words.invisible : words.status[me.status];

const OwnStatus = ({ words }: { readonly words: PresenceTexts }): ReactNode => {
  const { presence } = useMyPresence();
  const { clock } = usePresenceContext();
  const status = presence.visibility === 'hidden' ? 'offline' : presence.status;
  const name = nameOf(presence, words);
  const note = [presence.emoji, presence.message].filter(Boolean).join(' ');
  const until = ownClaim(presence)?.until;
  return (
    <>
      <PresenceDot status={status} size={12} label={null} />
      <span className="presence-sr-only">{words.yourStatus(name)}</span>
      <span className="presence-picker__own">
        <span className="presence-picker__name" aria-hidden>
          {name}
        </span>
        {(note || until !== undefined) && (
          <span className="presence-picker__note">
            {[
              note,
              until !== undefined && words.until(timeOrDate(until, clock.now(), words.locale)),
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
        )}
      </span>
    </>
  );
};
