import type { Clock } from '@presence/core';
import type { AdminConfigAnswer } from '@presence/core/protocol';
import { ApiError, type Api } from './api.ts';
import { createValue, type Value } from './value.ts';

/** How far somebody got into the page. */
export type Entry =
  | { readonly phase: 'asking' }
  | { readonly phase: 'unreachable' }
  | { readonly phase: 'signed-out'; readonly isRefusedToken: boolean }
  | { readonly phase: 'refused'; readonly userId: string | null; readonly reason: string }
  | { readonly phase: 'in'; readonly config: AdminConfigAnswer };

/** Asks who is there and what they may do. */
export interface Door {
  readonly entry: Value<Entry>;
  /** Asks anew, after a login or a token. */
  knock(hasToken?: boolean): Promise<void>;
  /** Whether an answer of any route means that they are not in any more; shows it. */
  isOut(error: unknown): boolean;
}

const RETRY_MS = 2000;

export const createDoor = (api: Api, clock: Pick<Clock, 'after'>): Door => {
  const entry = createValue<Entry>({ phase: 'asking' });

  const nameOf = async (): Promise<string | null> => {
    try {
      return (await api.me()).presence.userId;
    } catch {
      return null;
    }
  };

  const refused = async (error: unknown, hasToken: boolean): Promise<void> => {
    const { status, message } = error instanceof ApiError ? error : new ApiError(0, '', '');
    if (status === 401) entry.set({ phase: 'signed-out', isRefusedToken: hasToken });
    else if (status === 403) {
      entry.set({ phase: 'refused', userId: await nameOf(), reason: message });
    } else {
      entry.set({ phase: 'unreachable' });
      clock.after(RETRY_MS, () => void knock(hasToken));
    }
  };

  const knock = async (hasToken = false): Promise<void> => {
    try {
      entry.set({ phase: 'in', config: await api.config() });
    } catch (error) {
      await refused(error, hasToken);
    }
  };

  return {
    entry,
    knock,
    isOut: (error) => {
      if (!(error instanceof ApiError)) return false;
      if (error.status !== 401 && error.code !== 'account_blocked') return false;
      void refused(error, false);
      return true;
    },
  };
};
