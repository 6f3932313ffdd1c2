import type { FailureChoice, OutboxFailure } from './outbox.ts';
import type { WebhookEvent } from './types.ts';

/** Of all tenants together. */
const MOST = 1000;

interface Kept {
  readonly event: WebhookEvent;
  readonly failure: OutboxFailure;
}

/** What was given up and is in no outbox: the latest first, within a bound. */
export interface KeptFailures {
  add(event: WebhookEvent, failure: OutboxFailure): void;
  of(tenant: string): readonly OutboxFailure[];
  /** The oldest first. */
  takeOut(choice: FailureChoice): readonly WebhookEvent[];
}

const isChosen = (
  { event: { tenant, presence } }: Kept,
  { tenant: of, userId, version }: FailureChoice,
): boolean =>
  tenant === of &&
  (userId === undefined || userId === presence.userId) &&
  (version === undefined || version === presence.version);

export const createKeptFailures = (): KeptFailures => {
  let kept: readonly Kept[] = [];
  return {
    add: (event, failure) => {
      kept = [{ event, failure }, ...kept].slice(0, MOST);
    },
    of: (tenant) =>
      kept.filter(({ event }) => event.tenant === tenant).map(({ failure }) => failure),
    takeOut: (choice) => {
      const chosen = kept.filter((one) => isChosen(one, choice));
      kept = kept.filter((one) => !isChosen(one, choice));
      return chosen.map(({ event }) => event).toReversed();
    },
  };
};
