import { emptyRecord, ownLease, TENANT_SCOPE, type Write } from '@presence/core';

const TENANT = 'acme';

/** A user with one session of their own lease, as a first heartbeat writes it. */
export const firstBeat = (user: number, forMs: number): Write => {
  const userId = `user-${user}`;
  const lease = ownLease(`session-of-21-letters-${user}`, 1);
  const session = {
    id: `session-of-21-letters-${user}`,
    lease,
    generation: 1,
    seq: 0,
    idleSince: null,
    device: 'web',
    openedAt: 1,
    endsAt: null,
  };
  const empty = emptyRecord(userId);
  const view = { ...empty.public, status: 'online' as const, version: 1, since: 1 };
  return {
    key: { tenant: TENANT, userId },
    base: 0,
    validUntil: null,
    record: { ...empty, revision: 1, sessions: [session], public: view, own: view },
    holds: [lease],
    grant: [{ id: lease, forMs }],
    solo: '',
    deadline: null,
    status: 'online',
    scopes: [TENANT_SCOPE],
    steps: [],
  };
};

export const numbered = <Item>(count: number, item: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => item(index));

export const inBatches = <Item>(items: readonly Item[], size: number): Item[][] =>
  numbered(Math.ceil(items.length / size), (n) => items.slice(n * size, (n + 1) * size));

/** Runs work on every item, so many at once. */
export const atOnce = async <Item>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> => {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const item = items[next] as Item;
      next += 1;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
};
