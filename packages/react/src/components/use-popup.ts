import { useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';

export interface Popup {
  readonly open: boolean;
  readonly root: RefObject<HTMLDivElement | null>;
  readonly trigger: RefObject<HTMLButtonElement | null>;
  toggle(): void;
  close(): void;
  /** For the root: closes on Escape. */
  onKeyDown(event: KeyboardEvent): void;
}

/** Something that its trigger opens, and that closes when the pointer or the focus goes elsewhere. */
export const usePopup = (): Popup => {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    const closed = new AbortController();
    const onAway = ({ target }: Event): void => {
      if (target instanceof Node && !root.current?.contains(target)) setOpen(false);
    };
    for (const event of ['pointerdown', 'focusin']) {
      root.current?.ownerDocument.addEventListener(event, onAway, closed);
    }
    return () => closed.abort();
  }, [open]);
  const close = (): void => {
    setOpen(false);
    // Where it was closed before, the focus is with something else by now.
    if (root.current?.matches(':focus-within')) trigger.current?.focus();
  };
  return {
    open,
    root,
    trigger,
    toggle: () => setOpen(!open),
    close,
    onKeyDown(event) {
      if (event.key !== 'Escape' || !open) return;
      // A dialog around it stays open.
      event.stopPropagation();
      close();
    },
  };
};
