import { useSyncExternalStore } from 'react';

const MOVED = 'quickstart:moved';

const subscribe = (listener: () => void): (() => void) => {
  for (const event of ['popstate', 'hashchange', MOVED]) window.addEventListener(event, listener);
  return () => {
    for (const event of ['popstate', 'hashchange', MOVED])
      window.removeEventListener(event, listener);
  };
};

/** `/as/ada#noah` is the window of Ada, looking at Noah. */
export const pathOf = (userId: string): string => `/as/${encodeURIComponent(userId)}`;

/** Goes to another address without loading the page anew. */
export const goTo = (url: string): void => {
  history.pushState(null, '', url);
  window.dispatchEvent(new Event(MOVED));
};

/** Whose window this is; `null`: nobody has signed in. */
export const useWindowUser = (): string | null => {
  const path = useSyncExternalStore(subscribe, () => location.pathname);
  const [, userId] = /^\/as\/([^/]+)\/?$/.exec(path) ?? [];
  return userId === undefined ? null : decodeURIComponent(userId);
};

/** Who is being looked at; `''`: nobody. */
export const useSelectedUser = (): string =>
  decodeURIComponent(useSyncExternalStore(subscribe, () => location.hash).slice(1));
