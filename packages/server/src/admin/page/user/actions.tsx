import { ACCOUNTS, isBlocked, type Account } from '@presence/core';
import { useId, useState, type ReactNode } from 'react';
import { useDashboard } from '../dashboard.ts';
import type { OneUser } from '../data/one-user.ts';
import { nameOf } from '../person.tsx';
import { TEXTS } from '../texts.ts';
import { Confirm, type Question } from './confirm.tsx';
import type { Answered } from './moment.ts';
import { StatusForm } from './status-form.tsx';
import { useMay } from './use-right.ts';

const { user: WORDS } = TEXTS;

interface ActionsProps {
  readonly one: OneUser;
  readonly answer: Answered;
  readonly isBusy: boolean;
}

const RIGHTS = ['admin:status:write', 'admin:account:write', 'admin:sessions:write'] as const;

/** Names the rights without which something is missing here. */
const Lacking = (): ReactNode => {
  const may = useMay();
  const lacking = RIGHTS.filter((right) => !may(right));
  return lacking.length > 0 && <p className="fine">{TEXTS.lacking(lacking)}</p>;
};

interface ChoiceProps {
  readonly account: Account;
  onChoose(account: Account): void;
  readonly isBusy: boolean;
}

interface DecidedProps extends Omit<ChoiceProps, 'account'> {
  readonly said: Account;
  /** Whether it has not reached presence yet. */
  readonly isNews: boolean;
}

/** The application's own data decides, and takes no other choice than its own: that can be made to count at once. */
const Decided = ({ said, isNews, onChoose, isBusy }: DecidedProps): ReactNode => (
  <>
    <div className="action-row">
      <span className="action-name">{WORDS.accountState}</span>
      <span data-testid="account-said">{TEXTS.account[said]}</span>
      {isNews && (
        <button type="button" className="button" disabled={isBusy} onClick={() => onChoose(said)}>
          {WORDS.countsNow}
        </button>
      )}
    </div>
    <p className="fine">{WORDS.decided}</p>
  </>
);

interface AccountPartProps extends Omit<ChoiceProps, 'account'> {
  readonly answer: Answered;
}

const AccountPart = ({ answer, ...rest }: AccountPartProps): ReactNode => {
  const { accountFromSource: said, user } = answer;
  if (said === undefined) return <AccountChoice {...rest} account={user.account} />;
  const isNews = said !== user.account || (isBlocked(said) && user.sessions > 0);
  return <Decided {...rest} {...{ said, isNews }} />;
};

const AccountChoice = ({ account, onChoose, isBusy }: ChoiceProps): ReactNode => {
  const id = useId();
  const quick: Account = isBlocked(account) ? 'active' : 'suspended';
  return (
    <div className="action-row">
      <label htmlFor={id}>{WORDS.accountState}</label>
      <select
        id={id}
        className="field"
        value={account}
        disabled={isBusy}
        onChange={({ target }) => onChoose(target.value as Account)}
      >
        {ACCOUNTS.map((each) => (
          <option key={each} value={each}>
            {TEXTS.account[each]}
          </option>
        ))}
      </select>
      <button
        type="button"
        className={`button ${quick === 'active' ? '' : 'button-warn'}`}
        disabled={isBusy}
        onClick={() => onChoose(quick)}
      >
        {quick === 'active' ? WORDS.unblock : WORDS.suspend}
      </button>
    </div>
  );
};

/** What an admin may do to this user. */
export const Actions = ({ one, answer, isBusy }: ActionsProps): ReactNode => {
  const { api } = useDashboard();
  const may = useMay();
  const [question, setQuestion] = useState<Question | null>(null);
  const { user } = answer;
  const name = nameOf(user);
  const { confirm } = WORDS;

  const choose = (account: Account): void => {
    const run = (): void => void one.act((target) => api.setAccount(target, account));
    if (!isBlocked(account)) return run();
    const action = TEXTS.account[account];
    setQuestion({ title: confirm.block(name, action), text: confirm.blockText, action, run });
  };
  const disconnectAll = (): void =>
    setQuestion({
      title: confirm.disconnect(name),
      text: confirm.disconnectText,
      action: WORDS.disconnectAll,
      run: () => void one.act((target) => api.disconnect(target)),
    });

  return (
    <section className="part" aria-label={WORDS.actions}>
      <h3>{WORDS.actions}</h3>
      {may('admin:account:write') && <AccountPart {...{ answer, isBusy }} onChoose={choose} />}
      {may('admin:status:write') && <StatusForm {...{ one, answer, isBusy }} />}
      {may('admin:sessions:write') && (
        <div className="action-row">
          <button
            type="button"
            className="button button-warn"
            disabled={isBusy}
            onClick={disconnectAll}
          >
            {WORDS.disconnectAll}
          </button>
        </div>
      )}
      <Lacking />
      {question && <Confirm question={question} onClose={() => setQuestion(null)} />}
    </section>
  );
};
