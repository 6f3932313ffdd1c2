import type { Cancel, Clock } from '@presence/core';
import type { WebhookChoice, WebhooksAnswer } from '@presence/core/protocol';
import type { Api } from './api.ts';
import { createPoll } from './poll.ts';
import { createValue, type Value } from './value.ts';

/** The application's webhooks, asked again and again, and what an admin does about them. */
export interface Hooks {
  readonly state: Value<{
    /** `null`: not answered yet. */
    readonly answer: WebhooksAnswer | null;
    readonly isBusy: boolean;
    readonly failure: string | null;
  }>;
  start(): Cancel;
  retry(choice: WebhookChoice): Promise<void>;
  drop(choice: WebhookChoice): Promise<void>;
}

const EVERY_MS = 10_000;
const SOON_MS = 500;

export const createHooks = (
  api: Api,
  clock: Pick<Clock, 'after'>,
  onError: (error: unknown) => void,
): Hooks => {
  const state: Hooks['state'] = createValue<ReturnType<Hooks['state']['read']>>({
    answer: null,
    isBusy: false,
    failure: null,
  });
  const patch = (part: Partial<ReturnType<typeof state.read>>): void =>
    state.set({ ...state.read(), ...part });

  const ask = async (): Promise<void> => {
    try {
      patch({ answer: await api.webhooks() });
    } catch (error) {
      onError(error);
      throw error;
    }
  };
  const poll = createPoll({ ask, everyMs: EVERY_MS, soonMs: SOON_MS, clock });

  const doing = async (work: () => Promise<unknown>): Promise<void> => {
    if (state.read().isBusy) return;
    patch({ isBusy: true, failure: null });
    try {
      await work();
      patch({ isBusy: false });
    } catch (error) {
      patch({ isBusy: false, failure: error instanceof Error ? error.message : String(error) });
      onError(error);
    }
    poll.now();
  };

  return {
    state,
    start: poll.start,
    retry: (choice) => doing(() => api.retryWebhooks(choice)),
    drop: (choice) => doing(() => api.dropWebhooks(choice)),
  };
};
