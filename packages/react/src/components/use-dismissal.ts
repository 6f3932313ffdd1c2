import { useEffect, type RefObject } from 'react';

/** Calls `dismiss` when the pointer or the focus goes somewhere outside of the element. */
export const useDismissal = (
  open: boolean,
  inside: RefObject<HTMLElement | null>,
  dismiss: () => void,
): void => {
  useEffect(() => {
    if (!open) return undefined;
    const page = inside.current?.ownerDocument;
    const onAway = ({ target }: Event): void => {
      if (target instanceof Node && !inside.current?.contains(target)) dismiss();
    };
    page?.addEventListener('pointerdown', onAway);
    page?.addEventListener('focusin', onAway);
    return () => {
      page?.removeEventListener('pointerdown', onAway);
      page?.removeEventListener('focusin', onAway);
    };
  }, [open, inside, dismiss]);
};
