import type { Cancel } from '@presence/core';

/** Listens until the returned function is called. */
export const listen = (
  target: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>,
  event: string,
  listener: (event: never) => void,
): Cancel => {
  target.addEventListener(event, listener as EventListener);
  return () => target.removeEventListener(event, listener as EventListener);
};
