import { isSharedLease, scopesOf, type Key, type PresenceRecord, type Write } from '@presence/core';
import type { StoreChange, Subscriber } from '../../stores/store.ts';
import type { Subject } from '../suite/stage.ts';
import { sending, wrongStore } from './wrong-store.ts';

const nameOf = ({ tenant, userId }: Key): string => JSON.stringify([tenant, userId]);

export const validUntilIgnored: Subject = wrongStore((right) => ({
  commit: (writes) => right.commit(writes.map((write) => ({ ...write, validUntil: null }))),
}));

export const lastWriteWins: Subject = wrongStore((right) => ({
  commit: async (writes) => {
    const { items } = await right.load(writes.map(({ key }) => key));
    const forced = writes.map((write, index) => ({
      ...write,
      base: items[index]?.record?.revision ?? 0,
    }));
    return right.commit(forced);
  },
}));

export const sharedUnchecked: Subject = wrongStore((right) => ({
  commit: async (writes) => {
    const ids = writes.flatMap(({ holds }) => holds).filter(isSharedLease);
    await right.renew(
      ids.map((id) => ({ id, forMs: 1, create: true })),
      null,
    );
    return right.commit(writes);
  },
}));

/** Removes what an engine of this release would have put there, and not what there is. */
export const indexDiffedByEngine: Subject = wrongStore((right) => {
  const indexed = new Map<string, readonly string[]>();
  const scopesAfter = (
    { key, scopes }: Write,
    before: PresenceRecord | null,
  ): readonly string[] => {
    const known = before ? scopesOf(before) : [];
    const left = (indexed.get(nameOf(key)) ?? []).filter((scope) => !known.includes(scope));
    return [...new Set([...scopes, ...left])];
  };
  return {
    commit: async (writes) => {
      const { items } = await right.load(writes.map(({ key }) => key));
      const put = writes.map((write, index) => ({
        ...write,
        scopes: scopesAfter(write, items[index]?.record ?? null),
      }));
      for (const { key, scopes } of put) indexed.set(nameOf(key), scopes);
      return right.commit(put);
    },
  };
});

export const deletesOnRead: Subject = wrongStore((right) => ({
  load: async (keys) => {
    const answer = await right.load(keys);
    for (const { key, record, leases } of answer.items) {
      const hasEnded = [...leases.values()].some((expiresAt) => expiresAt <= answer.at);
      if (!record || !hasEnded) continue;
      const gone = { record: null, holds: [], grant: [], solo: '', deadline: null, steps: [] };
      const base = record.revision;
      await right.commit([{ key, base, validUntil: null, ...gone, status: 'offline', scopes: [] }]);
    }
    return right.load(keys);
  },
}));

export const messageBeforeCommit: Subject = wrongStore((right, clock) => {
  const subscribers = new Map<Subscriber, readonly string[]>();
  const numbers = new Map<string, number>();
  const announce = (key: Key, change: Omit<StoreChange, 'key' | 'seq'>): void => {
    const seq = (numbers.get(key.tenant) ?? 0) + 1;
    numbers.set(key.tenant, seq);
    for (const [on, topics] of subscribers) {
      if (topics.includes(key.tenant)) on.change({ ...change, key, seq });
    }
  };
  return {
    subscribe: async (topics, on) => {
      subscribers.set(on, topics);
      const silent = { ...on, change: () => undefined };
      const stop = await right.subscribe(topics, silent);
      return async () => {
        subscribers.delete(on);
        await stop();
      };
    },
    commit: async (writes) => {
      for (const { key, record, grant, steps } of writes) {
        const leases = new Map(grant.map(({ id, forMs }) => [id, clock.now() + forMs]));
        announce(key, { record, leases, steps, at: clock.now() });
      }
      return right.commit(writes);
    },
  };
});

export const messageWithoutSequence: Subject = wrongStore((right) =>
  sending(right, (change) => ({ ...change, seq: 0 })),
);

export const messageWithLastStepOnly: Subject = wrongStore((right) =>
  sending(right, (change) => ({ ...change, steps: change.steps.slice(-1) })),
);
