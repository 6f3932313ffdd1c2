/** Undoes something: a timer, a listener, a watch. Calling it twice does nothing more. */
export type Cancel = () => void;

/**
 * Time and timers together, so that a test which moves one moves the other. The system's own stand
 * in one file of each platform package.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `task` once, `delayMs` from now. */
  after(delayMs: number, task: () => void): Cancel;
  /** Runs `task` each `periodMs`, first `periodMs` from now. */
  every(periodMs: number, task: () => void): Cancel;
}

/** Chance, injected: ids, jitter, the offset of a reaper. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A fresh unguessable id, URL-safe, at most 32 characters. */
  id(): string;
}
