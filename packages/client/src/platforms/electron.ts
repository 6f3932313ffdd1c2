import type { Cancel } from '@presence/core';
import type { ActivitySource } from '../types.ts';

export interface SystemActivityOptions {
  /**
   * For how many seconds nobody has used this machine: `powerMonitor.getSystemIdleTime()`, which only the main
   * process may ask. While it throws or rejects, only the window's own focus is input.
   */
  idleSeconds(): number | Promise<number>;
  /** Default: the page of the window this runs in; in the main process there is none. */
  readonly page?: Document | undefined;
  /** Default: the window of `page`. */
  readonly window?: Pick<Window, 'addEventListener' | 'removeEventListener'> | undefined;
}

/** How often the system is asked. Chromium makes that once a minute in hidden windows, which does no harm. */
const ASK_MS = 5000;
/** What is older than a throttled timer explains was before this machine slept: it is no input of now. */
const LATEST_MS = 65_000;

/** In milliseconds; `Infinity` where the system does not say. */
const idleFor = async (idleSeconds: SystemActivityOptions['idleSeconds']): Promise<number> => {
  try {
    return (await idleSeconds()) * 1000;
  } catch {
    return Infinity;
  }
};

/**
 * Activity of an Electron app: that of the whole machine, so that somebody who works in another
 * program is not away. Runs in a window, or in the main process.
 */
export const createSystemActivity = ({
  idleSeconds,
  page = globalThis.document,
  window = page?.defaultView ?? undefined,
}: SystemActivityOptions): ActivitySource => {
  const listen = (
    target: Pick<EventTarget, 'addEventListener' | 'removeEventListener'> | undefined,
    event: string,
    listener: () => void,
  ): Cancel => {
    target?.addEventListener(event, listener);
    return () => target?.removeEventListener(event, listener);
  };
  return {
    start(onInput, clock) {
      let askedAt = clock.now();
      let cancel: Cancel = () => {};
      let stopped = false;
      /** What happened since it was last asked counts, and nothing before it. */
      const ask = async (): Promise<void> => {
        const sinceMs = clock.now() - askedAt;
        askedAt = clock.now();
        const idleMs = await idleFor(idleSeconds);
        if (stopped) return;
        if (idleMs < Math.min(sinceMs, LATEST_MS)) onInput();
        cancel = clock.after(ASK_MS, () => void ask());
      };
      cancel = clock.after(ASK_MS, () => void ask());
      const deafen = listen(window, 'focus', onInput);
      return () => {
        stopped = true;
        deafen();
        cancel();
      };
    },
    isHidden: () => page?.hidden ?? false,
    onVisibility: (listener) => listen(page, 'visibilitychange', listener),
  };
};
