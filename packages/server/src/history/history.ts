import type { Instant, Key, Range, Step, UserStep } from '@presence/core';

/** Transitions of one user, as a commit made them. */
export interface UserSteps {
  readonly key: Key;
  readonly steps: readonly Step[];
}

/** What is asked of one user's history. */
export interface StepsQuery extends Range {
  readonly key: Key;
  readonly order: 'oldest' | 'newest';
  /** The revision that the page before ended with; `null` for the first page. */
  readonly after: number | null;
  readonly limit: number;
}

/** A page of one user's history. */
export interface StepsPage {
  /** In the order that was asked for. */
  readonly steps: readonly Step[];
  readonly more: boolean;
}

/**
 * Keeps transitions. It knows no rule of presence: what a step is, and that there are as many of them as
 * changes, is core's. Steps of a user are told apart by their revision, which no two of them share; their
 * public version stands still while the user hides.
 */
export interface History {
  /** Adds steps. Those that it has, and those that were erased, change nothing: whoever is not sure adds them again. */
  append(entries: readonly UserSteps[]): Promise<void>;
  /** Steps of one user at instants of the range. */
  read(query: StepsQuery): Promise<StepsPage>;
  /** The last step before an instant, which says how the user was then. */
  stepBefore(key: Key, at: Instant): Promise<Step | null>;
  /** Steps of everybody of a tenant at instants of the range, in order of time and, for each user, of revision; in pages. */
  stepsOf(tenant: string, range: Range): AsyncIterable<readonly UserStep[]>;
  /** Users of a tenant whose last step before an instant is not into `offline`. */
  presentAt(tenant: string, at: Instant): Promise<readonly string[]>;
  /**
   * Deletes all that it has of a user. Steps with a smaller revision than `below` that somebody adds
   * within the next hour, because they were under way, are refused.
   *
   * @returns how many steps were deleted
   */
  erase(key: Key, below: number): Promise<number>;
  /** Deletes steps from before an instant, at most so many at once. */
  trim(
    before: Instant,
    limit: number,
  ): Promise<{ readonly trimmed: number; readonly more: boolean }>;
}
