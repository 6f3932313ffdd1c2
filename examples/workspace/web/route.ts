import { useSyncExternalStore } from 'react';

const MOVED = 'workspace:moved';

const subscribe = (listener: () => void): (() => void) => {
  window.addEventListener('popstate', listener);
  window.addEventListener(MOVED, listener);
  return () => {
    window.removeEventListener('popstate', listener);
    window.removeEventListener(MOVED, listener);
  };
};

export const goTo = (path: string): void => {
  history.pushState(null, '', path);
  window.dispatchEvent(new Event(MOVED));
};

/** `/juniper/channels/design` is the page `channels` of `juniper`, about `design`. */
export interface Route {
  /** `''`: the door, where organisations are chosen. */
  readonly organisation: string;
  /** `''`: none is chosen, which a wide window shows as its first channel. */
  readonly page: string;
  readonly about: string;
}

export const useRoute = (): Route => {
  const path = useSyncExternalStore(subscribe, () => location.pathname);
  const [organisation = '', page = '', about = ''] = path.slice(1).split('/');
  return { organisation, page, about: decodeURIComponent(about) };
};
