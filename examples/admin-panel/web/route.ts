import { useSyncExternalStore } from 'react';

const MOVED = 'panel:moved';

const subscribe = (listener: () => void): (() => void) => {
  for (const event of ['popstate', MOVED]) window.addEventListener(event, listener);
  return () => {
    for (const event of ['popstate', MOVED]) window.removeEventListener(event, listener);
  };
};

/** Goes to another address without loading the page anew. */
export const goTo = (path: string): void => {
  if (path === location.pathname) return;
  history.pushState(null, '', path);
  window.dispatchEvent(new Event(MOVED));
};

/** `/` is one's own page, `/people` everybody, `/people/7` one of them. */
export interface Route {
  readonly page: 'own' | 'people';
  /** `null`: nobody is open. */
  readonly userId: string | null;
}

export const useRoute = (): Route => {
  const path = useSyncExternalStore(subscribe, () => location.pathname);
  const [, page, userId] = /^\/(people)(?:\/(\d+))?\/?$/.exec(path) ?? [];
  return { page: page === 'people' ? 'people' : 'own', userId: userId ?? null };
};
