import { useSyncExternalStore } from 'react';

const USER = /^#\/users\/(.+)$/;

const subscribe = (listener: () => void): (() => void) => {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
};

const read = (): string | null => {
  const [, userId] = USER.exec(location.hash) ?? [];
  if (userId === undefined) return null;
  try {
    return decodeURIComponent(userId);
  } catch {
    return null;
  }
};

/** Whose page is open; it stands in the address, so that it can be sent to somebody. */
export const useOpenUser = (): string | null => useSyncExternalStore(subscribe, read);

/** Opens a user's page, or closes it. */
export const openUser = (userId: string | null): void => {
  location.hash = userId === null ? '#/' : `#/users/${encodeURIComponent(userId)}`;
};
