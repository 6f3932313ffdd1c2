import { useLayoutEffect, useRef, type RefObject } from 'react';

const FLIGHT_MS = 620;
const SPREAD_MS = 180;
const EASING = 'cubic-bezier(0.3, 0.9, 0.25, 1)';

const wantsStill = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Whoever is somewhere else than before flies there, so that an eye can follow. Runs at each render. */
export const useFly = (stage: RefObject<HTMLElement | null>): void => {
  const places = useRef(new Map<string, { x: number; y: number }>());
  useLayoutEffect(() => {
    const next = new Map<string, { x: number; y: number }>();
    const origin = stage.current?.getBoundingClientRect();
    const flyers = stage.current?.querySelectorAll<HTMLElement>('[data-fly]') ?? [];
    const still = wantsStill();
    let index = 0;
    for (const flyer of flyers) {
      const id = flyer.dataset.fly ?? '';
      const flying = flyer.getAnimations().some(({ playState }) => playState === 'running');
      const before = places.current.get(id);
      if (flying && before) {
        next.set(id, before);
        continue;
      }
      const { left, top } = flyer.getBoundingClientRect();
      const at = { x: left - (origin?.left ?? 0), y: top - (origin?.top ?? 0) };
      next.set(id, at);
      const dx = before ? before.x - at.x : 0;
      const dy = before ? before.y - at.y : 0;
      if (still || (dx === 0 && dy === 0)) continue;
      flyer.animate(
        [
          { transform: `translate(${dx}px, ${dy}px)`, zIndex: 3 },
          { transform: 'none', zIndex: 3 },
        ],
        {
          duration: FLIGHT_MS,
          delay: (index++ * 23) % SPREAD_MS,
          easing: EASING,
          fill: 'backwards',
        },
      );
    }
    places.current = next;
  });
};
