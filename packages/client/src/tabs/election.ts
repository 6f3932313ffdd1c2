import type { BrowserLike } from '../types.ts';

type Locks = NonNullable<BrowserLike['locks']>;

export interface ElectionEvents {
  won(): void;
  /** Another tab took the lock away. */
  lost(): void;
  /** Locks are there and refuse: this tab stands alone. */
  refused(): void;
}

/** One lock decides which tab leads. */
export interface Election {
  /** Takes the lock from a holder who does not answer. */
  steal(): void;
  /** Gives the lock back, or the place in the queue. */
  end(): void;
}

export const createElection = (locks: Locks, name: string, events: ElectionEvents): Election => {
  const abort = new AbortController();
  let ended = false;
  let release: (() => void) | null = null;
  let turn = 0;

  const ask = (options: LockOptions): void => {
    const mine = ++turn;
    let held = false;
    const hold = (): Promise<void> | undefined => {
      // Granted in the queue while this tab has it already, or wants it no more.
      if (ended || mine !== turn) return undefined;
      held = true;
      events.won();
      // Whoever heard of it may have stopped the client.
      if (ended) return undefined;
      return new Promise((resolve) => {
        release = resolve;
      });
    };
    const over = (): void => {
      if (ended || mine !== turn) return;
      release = null;
      if (!held) return events.refused();
      events.lost();
      ask({ signal: abort.signal });
    };
    try {
      void locks.request(name, options, hold).then(undefined, over);
    } catch {
      over();
    }
  };
  ask({ signal: abort.signal });
  return {
    steal: () => ask({ steal: true }),
    end() {
      ended = true;
      abort.abort();
      release?.();
    },
  };
};
