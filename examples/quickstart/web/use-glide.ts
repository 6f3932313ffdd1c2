import { useLayoutEffect, useRef, type RefObject } from 'react';

const GLIDE = { duration: 260, easing: 'cubic-bezier(0.2, 0.8, 0.2, 1)' };

const wantsStill = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Rows glide to their new place instead of jumping, so that an eye can follow who moved. Runs at each render. */
export const useGlide = (list: RefObject<HTMLElement | null>): void => {
  const places = useRef(new Map<string, number>());
  useLayoutEffect(() => {
    const next = new Map<string, number>();
    const still = wantsStill();
    for (const row of list.current?.querySelectorAll<HTMLElement>('[data-glide]') ?? []) {
      const id = row.dataset.glide ?? '';
      const top = row.offsetTop;
      next.set(id, top);
      const before = places.current.get(id);
      if (still || before === undefined || before === top) continue;
      row.animate([{ transform: `translateY(${before - top}px)` }, { transform: 'none' }], GLIDE);
    }
    places.current = next;
  });
};
