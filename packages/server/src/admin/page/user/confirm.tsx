import { useEffect, useRef, type ReactNode } from 'react';
import { TEXTS } from '../texts.ts';

/** What is to be confirmed. */
export interface Question {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  run(): void;
}

/** Asks before what somebody would not want to have done by mistake. */
export const Confirm = ({
  question,
  onClose,
}: {
  readonly question: Question;
  onClose(): void;
}): ReactNode => {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-label={question.title}
      onClose={onClose}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <h2>{question.title}</h2>
      <p>{question.text}</p>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          {TEXTS.user.confirm.cancel}
        </button>
        <button
          type="button"
          className="button button-danger"
          onClick={() => {
            question.run();
            onClose();
          }}
        >
          {question.action}
        </button>
      </div>
    </dialog>
  );
};
