import type { Account } from '@presence/core';
import { useRef, useState, type ReactNode, type RefObject } from 'react';
import type { Acts } from './use-acts.ts';

interface Ask {
  readonly label: string;
  readonly title: string;
  readonly text: string;
  run(): void;
}

interface ActionsProps {
  readonly name: string;
  readonly account: Account;
  readonly isBusy: boolean;
  readonly acts: Acts;
}

const BLOCKS: readonly (readonly [Account, string])[] = [
  ['suspended', 'Suspend'],
  ['banned', 'Ban'],
  ['inactive', 'Switch off'],
];

const GONE =
  'Every session ends at once, and everybody sees them as offline until they are let in again.';

interface ConfirmProps {
  readonly dialog: RefObject<HTMLDialogElement | null>;
  readonly asked: Ask | null;
}

const Confirm = ({ dialog, asked }: ConfirmProps): ReactNode => (
  <dialog ref={dialog} className="dialog" aria-labelledby="dialog-title">
    <h3 id="dialog-title">{asked?.title}</h3>
    <p className="muted">{asked?.text}</p>
    <form method="dialog" className="dialog-actions">
      <button type="submit" className="button">
        Cancel
      </button>
      <button type="submit" className="button button-bad" onClick={() => asked?.run()}>
        {asked?.label}
      </button>
    </form>
  </dialog>
);

/** What ends somebody's sessions is asked once more; letting in is not. */
export const Actions = ({ name, account, isBusy, acts }: ActionsProps): ReactNode => {
  const dialog = useRef<HTMLDialogElement>(null);
  const [asked, setAsked] = useState<Ask | null>(null);
  const open = (ask: Ask): void => {
    setAsked(ask);
    dialog.current?.showModal();
  };
  return (
    <div className="actions">
      {account === 'active' ? (
        BLOCKS.map(([state, label]) => (
          <button
            key={state}
            type="button"
            className="button"
            disabled={isBusy}
            onClick={() =>
              open({
                label,
                title: `${label} ${name}?`,
                text: GONE,
                run: () => acts.setAccount(state),
              })
            }
          >
            {label}
          </button>
        ))
      ) : (
        <button
          type="button"
          className="button button-main"
          disabled={isBusy}
          onClick={() => acts.setAccount('active')}
        >
          {account === 'pending' ? 'Let in' : 'Reactivate'}
        </button>
      )}
      <button
        type="button"
        className="button"
        disabled={isBusy}
        onClick={() =>
          open({
            label: 'Sign out',
            title: `Sign ${name} out everywhere?`,
            text: 'Every session ends, and no token of theirs is good any more. They may sign in again.',
            run: acts.signOut,
          })
        }
      >
        Sign out everywhere
      </button>
      <Confirm dialog={dialog} asked={asked} />
    </div>
  );
};
