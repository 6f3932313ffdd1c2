import type { BrowserLike } from '../types.ts';
import type { MainThread } from './main-thread.ts';

type Request = NonNullable<BrowserLike['locks']>['request'];

interface Asked {
  readonly owner: MainThread;
  grant(): void;
  broken(): void;
}

/** The Web Locks of one browser profile: exclusive ones, with `signal`, `ifAvailable` refused, and `steal`. */
export interface VirtualLocks {
  /** As one page sees them. */
  of(owner: MainThread): { readonly request: Request };
  /** The page is gone: its locks and places in queues are free. */
  release(owner: MainThread): void;
  /** Held and asked for: a leak check. */
  size(): number;
}

const aborted = (message: string): DOMException => new DOMException(message, 'AbortError');

export const createVirtualLocks = (): VirtualLocks => {
  const holders = new Map<string, Asked>();
  const queues = new Map<string, Asked[]>();
  const queueOf = (name: string): Asked[] => queues.get(name) ?? [];

  const next = (name: string): void => {
    if (holders.has(name)) return;
    const [first, ...rest] = queueOf(name);
    if (rest.length > 0) queues.set(name, rest);
    else queues.delete(name);
    if (!first) return;
    holders.set(name, first);
    first.grant();
  };
  const leave = (name: string, asked: Asked): void => {
    const rest = queueOf(name).filter((other) => other !== asked);
    if (rest.length > 0) queues.set(name, rest);
    else queues.delete(name);
    if (holders.get(name) === asked) holders.delete(name);
    next(name);
  };

  const ask = (
    owner: MainThread,
    name: string,
    { signal, steal }: LockOptions,
    callback: (lock: Lock | null) => unknown,
  ): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(aborted('The request was aborted.'));
      let granted = false;
      const asked: Asked = {
        owner,
        grant: () =>
          owner.run(() => {
            granted = true;
            void (async () => callback({ name, mode: 'exclusive' }))()
              .then(resolve, reject)
              .finally(() => leave(name, asked));
          }),
        broken: () => owner.run(() => reject(aborted('The lock was stolen.'))),
      };
      signal?.addEventListener('abort', () => {
        if (granted) return;
        leave(name, asked);
        reject(aborted('The request was aborted.'));
      });
      if (steal) {
        holders.get(name)?.broken();
        holders.set(name, asked);
        return asked.grant();
      }
      queues.set(name, [...queueOf(name), asked]);
      // As in browsers, never within the call.
      queueMicrotask(() => next(name));
    });

  return {
    of: (owner) => ({
      request: ((name: string, ...rest: [LockOptions, () => unknown] | [() => unknown]) => {
        const [options, callback] = rest.length === 1 ? [{}, rest[0]] : rest;
        return ask(owner, name, options, callback);
      }) as Request,
    }),
    release(owner) {
      for (const [name, queue] of Array.from(queues)) {
        for (const asked of queue) if (asked.owner === owner) leave(name, asked);
      }
      for (const [name, asked] of Array.from(holders))
        if (asked.owner === owner) leave(name, asked);
    },
    size: () => holders.size + [...queues.values()].flat().length,
  };
};
