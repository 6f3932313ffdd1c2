import type { Cancel } from '@presence/core';
import type { ActivitySource } from '../types.ts';
import { keepActive } from './keep-active.ts';

/** What is needed of React Native's `AppState`. */
export interface AppStateLike {
  /** `active`, `inactive`, `background`; `null` or `unknown` while the app starts. */
  readonly currentState: string | null | undefined;
  addEventListener(type: 'change', listener: (state: string) => void): { remove(): void };
}

export interface AppActivity extends ActivitySource {
  /** One input, now. For the touch handler of the outermost view; see `foreground: 'touches'`. */
  noteTouch(): void;
}

export interface AppActivityOptions {
  /**
   * What an app that is open says of the person in front of it. `active` (default): that they are there, for a
   * phone locks itself soon after they left. `touches`: nothing; only `noteTouch()` is input, for
   * apps that keep the screen on.
   */
  readonly foreground?: 'active' | 'touches';
}

/** Touches come by the dozen; one a second is enough. */
const REST_MS = 1000;

const nothing = (): void => {};

/**
 * Activity of a React Native app: `createAppActivity(AppState)`. An app in the background is hidden and
 * says nothing; coming back to it is input.
 */
export const createAppActivity = (
  appState: AppStateLike,
  { foreground = 'active' }: AppActivityOptions = {},
): AppActivity => {
  const hear = (listener: () => void): Cancel => {
    const subscription = appState.addEventListener('change', listener);
    return () => subscription.remove();
  };
  let touched = nothing;
  return {
    start(onInput, clock) {
      let rest: Cancel | undefined;
      let touchedAt = -Infinity;
      const follow = (): void => {
        const counts = foreground === 'active' && appState.currentState === 'active';
        if (counts) rest ??= keepActive(onInput, clock);
        else {
          rest?.();
          rest = undefined;
        }
      };
      touched = () => {
        if (clock.now() - touchedAt < REST_MS) return;
        touchedAt = clock.now();
        onInput();
      };
      follow();
      const deafen = hear(follow);
      return () => {
        deafen();
        rest?.();
        touched = nothing;
      };
    },
    // What lies over an app for a moment, a call or the list of apps, hides it from nobody: `inactive`.
    isHidden: () => appState.currentState === 'background',
    onVisibility: hear,
    noteTouch: () => touched(),
  };
};
