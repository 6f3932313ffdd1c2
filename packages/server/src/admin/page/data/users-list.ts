import type { Clock } from '@presence/core';
import type { AdminUser } from '@presence/core/protocol';
import { ApiError, type Api, type UsersQuery } from './api.ts';
import { pageOf, pagesBetween, rowsOf, withPage, type Page, type Pages } from './pages.ts';
import { startPoll, type Poll } from './poll.ts';
import { createValue, type Value } from './value.ts';

/** What the table shows. */
export interface Listed {
  readonly rows: readonly AdminUser[];
  /** The first answer is not there yet. */
  readonly isLoading: boolean;
  /** There is nothing behind the last row. */
  readonly isComplete: boolean;
  /** Why the last question was refused. */
  readonly failure: string | null;
}

/** The users of one query, loaded as they are scrolled to and asked again while they are looked at. */
export interface UsersList {
  readonly listed: Value<Listed>;
  /** These rows are looked at. */
  show(first: number, last: number): void;
  /** Something of them has changed. */
  soon(): void;
  stop(): void;
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

const NOTHING: Listed = { rows: [], isLoading: true, isComplete: false, failure: null };

// oxlint-disable-next-line max-lines-per-function -- its parts ask each other: taken apart, each would need the others
export const createUsersList = ({ api, query, clock, onError }: ListOptions): UsersList => {
  const listed = createValue<Listed>(NOTHING);
  let pages: Pages = [];
  let view = { first: 0, last: 0 };
  let isLoadingMore = false;
  let isStopped = false;

  const put = (page: Page): void => {
    if (isStopped) return;
    pages = pages.length === 0 ? [page] : withPage(pages, page);
    const isComplete = pages.at(-1)?.next === undefined;
    listed.set({ rows: rowsOf(pages), isLoading: false, isComplete, failure: null });
  };

  const load = async (cursor: string | undefined): Promise<void> => {
    put(pageOf(cursor, await api.users(query, PAGE, cursor)));
  };

  /** A cursor is good for as long as the server's secret: after a restart the list begins anew. */
  const failed = (error: unknown): void => {
    if (isStopped) return;
    const { status = 0, message = '' } = error instanceof ApiError ? error : {};
    if (status === 400 && pages.length > 0) {
      pages = [];
      poll.soon();
    } else if (status >= 400 && status < 500) {
      listed.set({ ...listed.read(), isLoading: false, failure: message });
    }
    onError(error);
  };

  const refresh = async (): Promise<void> => {
    const seen = pagesBetween(pages, view.first, view.last);
    const cursors = seen.length > 0 ? seen.map(({ cursor }) => cursor) : [undefined];
    try {
      for (const cursor of cursors) await load(cursor);
      more();
    } catch (error) {
      failed(error);
      throw error;
    }
  };

  const more = (): void => {
    const next = pages.at(-1)?.next;
    if (isStopped || isLoadingMore || next === undefined) return;
    if (view.last + AHEAD < listed.read().rows.length) return;
    isLoadingMore = true;
    load(next)
      .catch(failed)
      .finally(() => {
        isLoadingMore = false;
        if (pages.at(-1)?.next !== next) more();
      });
  };

  const poll: Poll = startPoll({ ask: refresh, everyMs: EVERY_MS, soonMs: 1500, clock });

  return {
    listed,
    show: (first, last) => {
      view = { first, last };
      more();
    },
    soon: () => poll.soon(),
    stop: () => {
      isStopped = true;
      poll.stop();
    },
  };
};
