import type { AdminWebhook, FailedWebhook } from '@presence/core/protocol';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { useDashboard, useValue } from '../dashboard.ts';
import { createHooks, type Hooks } from '../data/hooks.ts';
import { openUser } from '../route.ts';
import { TEXTS } from '../texts.ts';
import { ago, count } from '../time.ts';
import { Confirm, type Question } from '../user/confirm.tsx';

const { webhooks: WORDS } = TEXTS;

/** More are a number: whoever looks at so many wants all of them gone. */
const SHOWN = 3;

interface ActProps {
  readonly isBusy: boolean;
  /** Where the words alone do not say of whom. */
  readonly label?: string;
  readonly run: () => void;
  readonly children: string;
}

const Act = ({ isBusy, label, run, children }: ActProps): ReactNode => (
  <button
    type="button"
    className="button button-small"
    disabled={isBusy}
    aria-label={label}
    onClick={run}
  >
    {children}
  </button>
);

interface RowProps {
  readonly failure: FailedWebhook;
  readonly hooks: Hooks;
  readonly isBusy: boolean;
}

const Failure = ({ failure, hooks, isBusy }: RowProps): ReactNode => {
  const { now, config } = useDashboard();
  const { webhook, userId, version, tries, at, reason } = failure;
  const one = { webhook, userId, version };
  const mayChange = config.may['admin:webhooks:write'];
  return (
    <li className="hook-failure" data-user={userId}>
      <button type="button" className="link" onClick={() => openUser(userId)}>
        {userId}
      </button>
      <span className="hook-reason" title={reason}>
        {reason}
      </span>
      <span className="fine">
        {WORDS.failure(tries)}, {ago(useValue(now) - at)}
      </span>
      {mayChange && (
        <span className="hook-actions">
          <Act {...{ isBusy }} label={WORDS.retryOne(userId)} run={() => void hooks.retry(one)}>
            {WORDS.retry}
          </Act>
          <Act {...{ isBusy }} label={WORDS.dropOne(userId)} run={() => void hooks.drop(one)}>
            {WORDS.drop}
          </Act>
        </span>
      )}
    </li>
  );
};

const All = ({
  hook: { name },
  hooks,
  isBusy,
}: {
  readonly hook: AdminWebhook;
  readonly hooks: Hooks;
  readonly isBusy: boolean;
}): ReactNode => {
  const [question, setQuestion] = useState<Question | null>(null);
  const choice = { webhook: name };
  const ask = (): void =>
    setQuestion({
      title: WORDS.dropAllTitle(name),
      text: WORDS.dropAllText,
      action: WORDS.dropAll,
      run: () => void hooks.drop(choice),
    });
  return (
    <span className="hook-actions">
      <Act {...{ isBusy }} run={() => void hooks.retry(choice)}>
        {WORDS.retryAll}
      </Act>
      <Act {...{ isBusy }} run={ask}>
        {WORDS.dropAll}
      </Act>
      {question && <Confirm question={question} onClose={() => setQuestion(null)} />}
    </span>
  );
};

interface HookProps {
  readonly hook: AdminWebhook;
  readonly failures: readonly FailedWebhook[];
  readonly hooks: Hooks;
  readonly isBusy: boolean;
}

const Hook = ({ hook, failures, hooks, isBusy }: HookProps): ReactNode => {
  const { config } = useDashboard();
  const { name, host, delivery, waiting, failed } = hook;
  const rest = failed - Math.min(SHOWN, failures.length);
  return (
    <li className="hook" data-hook={name}>
      <p className="hook-head">
        <strong>{name}</strong> <span className="fine">{host}</span>
        <span className="fine" title={WORDS.deliveryHint[delivery]}>
          {WORDS.delivery[delivery]}
        </span>
        <span className="hook-counts">{WORDS.counts(count(waiting), count(failed))}</span>
        {failed > 1 && config.may['admin:webhooks:write'] && <All {...{ hook, hooks, isBusy }} />}
      </p>
      {failures.length > 0 && (
        <ul className="hook-failures" aria-label={WORDS.failures}>
          {failures.slice(0, SHOWN).map((failure) => (
            <Failure key={`${failure.userId} ${failure.version}`} {...{ failure, hooks, isBusy }} />
          ))}
        </ul>
      )}
      {rest > 0 && <p className="fine">{WORDS.more(count(rest))}</p>}
    </li>
  );
};

/** What the application's webhooks could not tell, and what to do about it. */
const Card = (): ReactNode => {
  const { api, clock, onError } = useDashboard();
  const hooks = useMemo(() => createHooks(api, clock, onError), [api, clock, onError]);
  useEffect(() => hooks.start(), [hooks]);
  const { answer, isBusy, failure } = useValue(hooks.state);
  if (!answer || answer.webhooks.length === 0) return null;
  return (
    <section className="card hooks" aria-label={WORDS.label} data-testid="webhooks">
      <h2>{WORDS.label}</h2>
      {failure !== null && (
        <p className="fine" role="alert">
          {failure}
        </p>
      )}
      <ul className="hook-list">
        {answer.webhooks.map((hook) => (
          <Hook
            key={hook.name}
            failures={answer.failures.filter(({ webhook }) => webhook === hook.name)}
            {...{ hook, hooks, isBusy }}
          />
        ))}
      </ul>
    </section>
  );
};

/** Nothing for whoever may not see it. */
export const Webhooks = (): ReactNode => {
  const { config } = useDashboard();
  return config.may['admin:webhooks:read'] ? <Card /> : null;
};
