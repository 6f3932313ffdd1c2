import type { Cancel } from '@presence/core';

/** A row is watched this far before it comes into view, so that its dot is right when it does. */
const AHEAD = '200px';

type Told = (isVisible: boolean) => void;

const told = new WeakMap<Element, Told>();
let observer: IntersectionObserver | null = null;

/** One for the page: browsers look once for all rows. */
const shared = (): IntersectionObserver =>
  (observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) told.get(target)?.(isIntersecting);
    },
    // The first of the window, the second of a box that scrolls within it.
    { rootMargin: AHEAD, scrollMargin: AHEAD },
  ));

const observe = (element: Element, tell: Told): Cancel => {
  told.set(element, tell);
  shared().observe(element);
  return () => {
    shared().unobserve(element);
    told.delete(element);
  };
};

/**
 * Runs `begin` when the element comes into view, and what that returned when it goes. Where a browser cannot tell, everything
 * is in view.
 */
export const whileOnScreen = (element: Element, begin: () => Cancel): Cancel => {
  if (typeof IntersectionObserver === 'undefined') return begin();
  let end: Cancel | null = null;
  const stop = observe(element, (isVisible) => {
    if (isVisible) end ??= begin();
    else {
      end?.();
      end = null;
    }
  });
  return () => {
    stop();
    end?.();
  };
};
