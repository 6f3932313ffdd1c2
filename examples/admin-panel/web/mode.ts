import { createContext, use, useSyncExternalStore } from 'react';

/** Live: one socket, and rows as they change. Polling: heartbeats, and the list again each ten seconds. */
export type Mode = 'live' | 'polling';

const KEY = 'juniper-mode';
const CHANGED = 'panel:mode';

const read = (): Mode => (localStorage.getItem(KEY) === 'polling' ? 'polling' : 'live');

const subscribe = (listener: () => void): (() => void) => {
  window.addEventListener(CHANGED, listener);
  return () => window.removeEventListener(CHANGED, listener);
};

/** Kept in this browser. */
export const useMode = (): Mode => useSyncExternalStore(subscribe, read);

export const setMode = (mode: Mode): void => {
  localStorage.setItem(KEY, mode);
  window.dispatchEvent(new Event(CHANGED));
};

/** How often is asked again, in ms. */
export const RefreshContext = createContext(10_000);

export const useRefreshMs = (): number => use(RefreshContext);
