import type { Waiting } from './waiting-room.ts';
import type { WebhookEvent } from './types.ts';

/** Why one was given up: its tries or its target, or that there was no room. */
export interface GivenUp {
  readonly outcome: 'failed' | 'dropped';
  readonly reason: string;
}

/** One webhook on its way. */
export interface Hook extends Waiting {
  readonly event: WebhookEvent;
  tries: number;
  /** The target has taken it, and its source does not know yet. */
  isTold: boolean;
  /** Whether it is still this process that tells it. */
  isOurs(): boolean;
  /** It was delivered (`null`) or given up. Rejects where its source could not be told so. */
  over(givenUp: GivenUp | null): Promise<void>;
}
