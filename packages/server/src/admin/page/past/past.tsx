import { useState, type ReactNode } from 'react';
import { useDashboard, useValue } from '../dashboard.ts';
import type { OnePast, Past as Known } from '../data/past.ts';
import { TEXTS } from '../texts.ts';
import { Confirm, type Question } from '../user/confirm.tsx';
import type { Moment } from '../user/moment.ts';
import { Steps } from '../user/steps.tsx';
import { useMay } from '../user/use-right.ts';
import { Days } from './days.tsx';
import { saveText } from './save.ts';
import { useOnePast } from './use-one-past.ts';
import { Week } from './week.tsx';

const { past: WORDS } = TEXTS;

interface PastProps {
  readonly one: OnePast;
  readonly known: Known;
  readonly userId: string;
}

/** Before anybody looked: what is kept for how long, and that looking is written down. */
const Closed = ({ one, known }: PastProps): ReactNode => {
  const { history } = useDashboard().config;
  return (
    <>
      <p className="fine">{WORDS.hint(Math.round((history?.retentionMs ?? 0) / 86_400_000))}</p>
      <div className="action-row past-actions">
        <button
          type="button"
          className="button"
          disabled={known.isBusy}
          onClick={() => void one.look()}
        >
          {WORDS.look}
        </button>
      </div>
    </>
  );
};

const PastActions = ({ one, known, userId }: PastProps): ReactNode => {
  const may = useMay();
  const [question, setQuestion] = useState<Question | null>(null);
  const save = async (): Promise<void> => {
    const lines = await one.exported();
    if (lines !== null) saveText(`history-${userId}.ndjson`, lines);
  };
  const ask = (): void =>
    setQuestion({
      title: WORDS.eraseTitle(userId),
      text: WORDS.eraseText,
      action: WORDS.erase,
      run: () => void one.erase(),
    });
  return (
    <div className="action-row past-actions">
      {known.next !== undefined && (
        <button
          type="button"
          className="button"
          disabled={known.isBusy}
          onClick={() => void one.more()}
        >
          {WORDS.more}
        </button>
      )}
      <button type="button" className="button" disabled={known.isBusy} onClick={() => void save()}>
        {WORDS.save}
      </button>
      {may('admin:history:erase') && (
        <button type="button" className="button button-warn" disabled={known.isBusy} onClick={ask}>
          {WORDS.erase}
        </button>
      )}
      {question && <Confirm question={question} onClose={() => setQuestion(null)} />}
    </div>
  );
};

/** What is kept of a user's past, once somebody looks at it. */
export const Past = ({ answer, now }: Moment): ReactNode => {
  const { userId } = answer.user;
  const one = useOnePast(userId);
  const known = useValue(one.past);
  const { insights, steps, failure } = known;
  const props = { one, known, userId };
  return (
    <section className="part" aria-label={WORDS.label} data-testid="past">
      <h3>{WORDS.label}</h3>
      {failure !== null && (
        <p className="fine" role="alert">
          {failure}
        </p>
      )}
      {insights === null ? (
        <Closed {...props} />
      ) : (
        <>
          <Days days={insights.days} />
          <Week insights={insights} />
          <h4 className="past-title">{WORDS.steps}</h4>
          <Steps steps={steps} now={now} />
          <PastActions {...props} />
        </>
      )}
    </section>
  );
};
