import type { Cancel, Instant, PresenceRecord } from '@presence/core';
import type { ChangesFrame, SnapshotFrame } from '@presence/core/protocol';
import type { Node } from '../../context.ts';
import type { Page } from '../../engine/types.ts';
import { PRESENT } from '../../tenant/reads.ts';
import { findTrue } from '../true-lists.ts';
import { createTrueRows } from './true-rows.ts';

/** Tells one reader of everybody who is truly there, then of whoever changes. */
export interface Telling {
  changed(userId: string, record: PresenceRecord | null, at: Instant): void;
  /** The list; anew where messages were lost. */
  list(): Promise<void>;
  stop(): void;
}

/** Rows of one frame of the list. */
const PAGE = 500;

export const createTelling = (
  { engine, options }: Node,
  tenant: string,
  say: (frame: SnapshotFrame | ChangesFrame) => void,
): Telling => {
  const rows = createTrueRows();
  const pending = new Map<string, PresenceRecord | null>();
  let asOf: Instant = 0;
  let window: Cancel | null = null;
  let listing: Promise<void> | null = null;
  let isWanted = false;

  const flush = (): void => {
    window = null;
    // What changes while everybody is read is told behind the list.
    if (listing !== null) return;
    const presences = rows.news(pending);
    pending.clear();
    if (presences.length > 0) say({ type: 'changes', presences, asOf });
  };
  const soon = (): void => {
    window ??= options.clock.after(options.policyOf(tenant).fanOutMs, flush);
  };
  const readAll = async (): Promise<void> => {
    isWanted = false;
    rows.begin();
    let after: string | null = '';
    while (after !== null) {
      const query = { tenant, status: PRESENT, after, limit: PAGE };
      const page: Page = await findTrue(engine, query);
      after = page.end;
      const presences = rows.news(page.items.map(({ key, record }) => [key.userId, record]));
      const more = after === null ? {} : ({ more: true } as const);
      say({ type: 'snapshot', watch: 'users', presences, asOf: page.at, ...more });
    }
    if (isWanted) await readAll();
  };

  return {
    changed: (userId, record, at) => {
      asOf = Math.max(asOf, at);
      pending.set(userId, record);
      soon();
    },
    list: async () => {
      isWanted = true;
      listing ??= readAll().finally(() => {
        listing = null;
        soon();
      });
      await listing;
    },
    stop: () => window?.(),
  };
};
