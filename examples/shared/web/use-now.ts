import { useSyncExternalStore } from 'react';

const SECOND_MS = 1000;

const subscribe = (listener: () => void): (() => void) => {
  const timer = setInterval(listener, SECOND_MS);
  return () => clearInterval(timer);
};

const wholeSecond = (): number => Math.floor(Date.now() / SECOND_MS) * SECOND_MS;

/** This machine's time to the second, for countdowns. */
export const useNow = (): number => useSyncExternalStore(subscribe, wholeSecond);
