import type { Clock, Random } from '@presence/core';
import type { Logger, Presence } from '../types.ts';
import type { Desk } from './desk.ts';
import { eventOfItem } from './event.ts';
import type { Hook } from './hook.ts';
import type { Outbox, OutboxItem } from './outbox.ts';
import { createRounds } from './rounds.ts';
import type { Source } from './source.ts';
import { createTerms, type Term, type Terms } from './terms.ts';

/** A page of the outbox. */
const PAGE = 500;
/** What came into the outbox by then is there for whoever reads it: commits do not take as long. */
const OVERLAP_MS = 10_000;
/** Everything that waits is read again, whatever its instant. */
const WHOLE_MS = 60_000;
const TRIM_MS = 3_600_000;
/** What was not told in a week is told to nobody. */
const OUTBOX_KEPT_MS = 7 * 86_400_000;

interface Parts {
  readonly outbox: Outbox;
  readonly presence: Pick<Presence<never>, 'on'>;
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Of webhooks that are held here. */
  readonly most: number;
}

const refOf = ({ key, revision }: OutboxItem): string =>
  `${key.tenant}\n${key.userId}\n${revision}`;

/** What was read and is not over, of one term. */
interface Shelf {
  readonly size: number;
  /** Reads a page: all of it, and what of it is new here, each user's in order. */
  read(page: () => Promise<readonly OutboxItem[]>): Promise<{
    readonly items: readonly OutboxItem[];
    readonly news: readonly OutboxItem[];
  }>;
  done(item: OutboxItem): void;
}

const createShelf = (): Shelf => {
  const known = new Set<string>();
  /** What was over since the page that is being read was asked for: it may stand in it still. */
  const overSince = new Set<string>();
  return {
    get size() {
      return known.size;
    },
    read: async (page) => {
      overSince.clear();
      const items = await page();
      const news = items.filter((item) => {
        const ref = refOf(item);
        return !known.has(ref) && !overSince.has(ref);
      });
      for (const item of news) known.add(refOf(item));
      return { items, news: news.toSorted((a, b) => a.revision - b.revision) };
    },
    done: (item) => {
      known.delete(refOf(item));
      overSince.add(refOf(item));
    },
  };
};

/** Reads one term's part of the outbox, page by page; whether there is more to read at once. */
const createReader = (parts: Parts, term: Term, take: (hook: Hook) => void) => {
  const { outbox, name, clock, most } = parts;
  const shelf = createShelf();
  let readTo = 0;
  let wholeAt = -Infinity;

  const hookOf = (item: OutboxItem): Hook => {
    const { key } = item;
    const hook: Hook = {
      lane: `${term.number}\n${key.tenant}\n${key.userId}`,
      event: eventOfItem(item),
      tries: 0,
      isTold: false,
      isOurs: term.isOurs,
      over: async (givenUp) => {
        if (givenUp) await outbox.fail(name, item, hook.tries, givenUp.reason);
        else await outbox.remove(name, [item]);
        shelf.done(item);
      },
    };
    return hook;
  };

  return async (): Promise<boolean> => {
    if (shelf.size >= most) return false;
    const isWhole = shelf.size === 0 || clock.now() - wholeAt > WHOLE_MS;
    if (isWhole) wholeAt = clock.now();
    const from = isWhole ? 0 : readTo - OVERLAP_MS;
    const limit = PAGE + shelf.size;
    const { items, news } = await shelf.read(() => outbox.waiting(name, from, limit));
    readTo = Math.max(isWhole ? 0 : readTo, ...items.map(({ at }) => at));
    for (const item of news) take(hookOf(item));
    return items.length === limit && news.length > 0;
  };
};

/** Reads the outbox while this node has it, and deletes now and then what is too old. */
const createRound = (parts: Parts, terms: Terms, take: (hook: Hook) => void) => {
  const { outbox, clock } = parts;
  let read: { readonly number: number; readonly next: () => Promise<boolean> } | null = null;
  let trimmedAt = -Infinity;
  return async (): Promise<boolean> => {
    const term = await terms.keep();
    if (!term) return false;
    if (read?.number !== term.number) {
      read = { number: term.number, next: createReader(parts, term, take) };
    }
    const isMore = await read.next();
    if (clock.now() - trimmedAt > TRIM_MS) {
      trimmedAt = clock.now();
      await outbox.trim(OUTBOX_KEPT_MS);
    }
    return isMore;
  };
};

const deskOf = ({ outbox, name }: Parts): Desk => ({
  count: (tenant) => outbox.count(tenant, name),
  failures: (tenant, limit) => outbox.failures(tenant, name, limit),
  retry: (choice) => outbox.retry(choice),
  drop: (choice) => outbox.drop(choice),
});

/**
 * Reads the store's outbox, on one node at a time: a change is given again until it was delivered, to
 * whichever node takes over, so at least once; those of one user in order.
 */
export const outboxSource = (parts: Parts): Source => {
  const { outbox, presence, name, clock, random, logger } = parts;
  const terms = createTerms({ outbox, name, clock, owner: random.id(), keptMs: OUTBOX_KEPT_MS });
  let stop = async (): Promise<void> => undefined;
  return {
    delivery: 'at-least-once',
    desk: deskOf(parts),
    start: async (take) => {
      const rounds = createRounds({
        clock,
        round: createRound(parts, terms, take),
        onFailed: (error) =>
          logger.warn({ err: error }, '[presence/webhooks] The outbox was not read.'),
      });
      const cancel = presence.on('change', rounds.soon);
      stop = () => {
        cancel();
        return rounds.stop();
      };
      rounds.start();
      await terms.enrolled;
    },
    stop: () => stop(),
    // Where the store does not answer any more, the lease ends by itself.
    release: () => terms.leave().catch(() => undefined),
  };
};
