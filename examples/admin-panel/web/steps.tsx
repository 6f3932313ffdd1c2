import type { Step } from '@presence/core';
import { PresenceDot } from '@presence/react';
import type { ReactNode } from 'react';
import { causeOf, STATUS_WORDS } from '@presence/example-shared/web/words.ts';
import { When } from './when.tsx';

export type ShownStep = Pick<Step, 'at' | 'status' | 'cause'>;

/** What became of somebody, the newest first. */
export const Steps = ({ steps }: { readonly steps: readonly ShownStep[] }): ReactNode =>
  steps.length === 0 ? (
    <p className="fine-print">Nothing yet.</p>
  ) : (
    <ul className="lines" data-testid="steps">
      {steps.map((step) => (
        <li key={`${step.at} ${step.cause}`} className="line" data-status={step.status}>
          <span className="line-what">
            <PresenceDot status={step.status} label={null} /> {STATUS_WORDS[step.status]}
          </span>
          <span className="line-more">{causeOf(step)}</span>
          <When at={step.at} />
        </li>
      ))}
    </ul>
  );
