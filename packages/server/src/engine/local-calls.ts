import type { PresenceStore } from '../stores/store.ts';
import { unavailable, type StoreCalls } from './store-calls.ts';

/**
 * A heartbeat's verbs on a store in this process. It answers at once: gathering what one turn asks
 * for costs more than the calls that it saves.
 */
export const createLocalCalls = (store: PresenceStore): Pick<StoreCalls, 'load' | 'renew'> => ({
  load: async (key) => {
    try {
      let answer = await store.load([key]);
      if (answer.pulseOld) {
        await store.due(1, 0);
        answer = await store.load([key]);
      }
      return { at: answer.at, loaded: answer.items[0]! };
    } catch (error) {
      throw unavailable(error);
    }
  },
  renew: async ({ lease, validUntil }) => {
    try {
      return (await store.renew([lease], validUntil)).lost.length === 0;
    } catch (error) {
      throw unavailable(error);
    }
  },
});
