import type { StoreCalls } from './store-calls.ts';

/**
 * A heartbeat's verbs on a store in this process. It answers at once: gathering what one turn asks
 * for costs more than the calls that it saves.
 */
export const createLocalCalls = ({
  ask,
  fresh,
}: Pick<StoreCalls, 'ask' | 'fresh'>): Pick<StoreCalls, 'load' | 'renew'> => ({
  load: async (key) => {
    const { at, items } = await fresh((store) => store.load([key]));
    return { at, loaded: items[0]! };
  },
  renew: async ({ lease, validUntil }) => {
    const { lost } = await ask((store) => store.renew([lease], validUntil));
    return lost.length === 0;
  },
});
