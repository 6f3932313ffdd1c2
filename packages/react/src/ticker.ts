import type { Cancel, Clock } from '@presence/core';

export const MINUTE_MS = 60_000;

/** All that the components need of a clock. */
export type PresenceClock = Pick<Clock, 'now' | 'after'>;

/** Wakes what shows texts such as "5 minutes ago". One timer serves all who listen. */
export interface Ticker {
  /** Calls `listener` when a minute begins. The timer runs while somebody listens. */
  subscribe(listener: () => void): Cancel;
}

const createTicker = (clock: PresenceClock): Ticker => {
  const listeners = new Set<{ readonly listener: () => void }>();
  let cancel: Cancel | null = null;

  const schedule = (): void => {
    cancel = clock.after(MINUTE_MS - (clock.now() % MINUTE_MS), tick);
  };
  const tick = (): void => {
    schedule();
    for (const { listener } of listeners) listener();
  };

  return {
    subscribe(listener) {
      const entry = { listener };
      listeners.add(entry);
      if (!cancel) schedule();
      return () => {
        listeners.delete(entry);
        if (listeners.size > 0) return;
        cancel?.();
        cancel = null;
      };
    },
  };
};

const tickers = new WeakMap<PresenceClock, Ticker>();

/** The ticker of a clock: all providers on one page share it. */
export const tickerOf = (clock: PresenceClock): Ticker => {
  const held = tickers.get(clock);
  if (held) return held;
  const ticker = createTicker(clock);
  tickers.set(clock, ticker);
  return ticker;
};
