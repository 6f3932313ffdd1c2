import type { Cancel } from '@presence/core';

/** By capture: what is told to the document is heard at the window as well. */
const OPTIONS = { passive: true, capture: true };

/** Listens until the returned function is called. */
export const listen = (
  target: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>,
  event: string,
  listener: (event: never) => void,
): Cancel => {
  target.addEventListener(event, listener as EventListener, OPTIONS);
  return () => target.removeEventListener(event, listener as EventListener, OPTIONS);
};
