import type { ReactNode } from 'react';
import { TEXTS } from '../texts.ts';
import type { Moment } from './moment.ts';
import { Steps } from './steps.tsx';

const { user: WORDS } = TEXTS;

/** The last changes, which the record holds, the newest first. */
export const History = ({ answer, now }: Moment): ReactNode => (
  <section className="part" aria-label={WORDS.history}>
    <h3>{WORDS.history}</h3>
    <Steps steps={answer.explanation.transitions.toReversed()} now={now} />
  </section>
);
