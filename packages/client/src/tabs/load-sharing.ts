import type { Timers } from '../timers.ts';
import type { TabContext } from './context.ts';

const RELOAD_MS = 4000;

export type Sharing = Awaited<ReturnType<TabContext['load']['sharing']>>;

/** Loads what tabs say to each other, and tries again until it is there or the timer `load` is cancelled. */
export const loadSharing = (
  context: TabContext,
  timers: Timers,
  loaded: (sharing: Sharing) => void,
): void => {
  timers.after(
    RELOAD_MS * (1 + context.random.next()),
    () => loadSharing(context, timers, loaded),
    'load',
  );
  context.load.sharing().then(
    (sharing) => {
      if (!timers.has('load')) return undefined;
      timers.cancel('load');
      return loaded(sharing);
    },
    () => {},
  );
};
