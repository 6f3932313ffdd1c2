import type { Cancel, Clock } from '@presence/core';
import { ApiError, type Api, type UsersQuery } from './api.ts';
import { createHeldPages, type Listed, type Span } from './held-pages.ts';
import { createPoll } from './poll.ts';
import type { Value } from './value.ts';

/** The users of one query, loaded as they are scrolled to and asked again while they are looked at. */
export interface UsersList {
  readonly listed: Value<Listed>;
  start(): Cancel;
  /** These rows are looked at. */
  show(first: number, last: number): void;
  /** Something of them has changed. */
  soon(): void;
}

interface ListOptions {
  readonly api: Api;
  readonly query: UsersQuery;
  readonly clock: Pick<Clock, 'after'>;
  /** Told of every failure. */
  onError(error: unknown): void;
}

const PAGE = 200;
/** Rows below the last one in view that are loaded before anybody gets there. */
const AHEAD = 150;
const EVERY_MS = 10_000;
const SOON_MS = 1500;

export const createUsersList = ({ api, query, clock, onError }: ListOptions): UsersList => {
  const held = createHeldPages();
  let view: Span = { first: 0, last: 0 };
  let isLoadingMore = false;

  const load = async (cursor: string | undefined): Promise<void> =>
    held.put(cursor, await api.users(query, PAGE, cursor), view);

  const failed = (error: unknown): false => {
    onError(error);
    const { status = 0, message = '' } = error instanceof ApiError ? error : {};
    // A cursor is good for as long as the server's secret: after a restart the list begins anew.
    if (status === 400 && held.next() !== undefined) held.forget();
    else if (status >= 400 && status < 500) held.refuse(message);
    return false;
  };

  const refresh = async (): Promise<void> => {
    try {
      for (const cursor of held.cursorsOf(view)) await load(cursor);
      void more();
    } catch (error) {
      failed(error);
      throw error;
    }
  };

  /** What was let go of and is looked at again; else what comes behind the last row, before anybody gets there. */
  const wanted = (): { readonly cursor: string | undefined } | undefined => {
    const isNear = view.last + AHEAD >= held.listed.read().rows.length;
    const cursor = isNear ? held.next() : undefined;
    return held.missing(view) ?? (cursor === undefined ? undefined : { cursor });
  };

  const more = async (): Promise<void> => {
    const page = wanted();
    if (isLoadingMore || !page) return;
    isLoadingMore = true;
    const isLoaded = await load(page.cursor).then(() => true, failed);
    isLoadingMore = false;
    // An answer that changed nothing is not asked for at once again.
    if (isLoaded && wanted()?.cursor !== page.cursor) void more();
  };

  const poll = createPoll({ ask: refresh, everyMs: EVERY_MS, soonMs: SOON_MS, clock });

  return {
    listed: held.listed,
    start: poll.start,
    show: (first, last) => {
      view = { first, last };
      void more();
    },
    soon: poll.soon,
  };
};
