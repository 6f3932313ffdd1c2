import type { AdminUserAnswer } from '@presence/core/protocol';
import { useDashboard, useValue } from '../dashboard.ts';
import type { Seen } from '../data/one-user.ts';

export type Answered = AdminUserAnswer;

/** An answer, and the time it is now for whoever reads it. */
export interface Moment {
  readonly answer: Answered;
  /** On the server's clock. */
  readonly now: number;
}

export const useMoment = ({ answer, gotAt }: Seen): Moment | null => {
  const local = useValue(useDashboard().now);
  return answer && { answer, now: answer.explanation.at + Math.max(0, local - gotAt) };
};
