import type { ChannelLike } from '../types.ts';
import type { MainThread } from './main-thread.ts';

interface Member {
  readonly owner: MainThread;
  readonly listeners: Set<(message: unknown) => void>;
}

/** The BroadcastChannels of one browser profile. */
export interface VirtualChannels {
  open(owner: MainThread, name: string): ChannelLike;
  release(owner: MainThread): void;
  size(): number;
}

export const createVirtualChannels = (): VirtualChannels => {
  const names = new Map<string, Set<Member>>();
  return {
    open(owner, name) {
      const members = names.get(name) ?? new Set();
      const member: Member = { owner, listeners: new Set() };
      names.set(name, members.add(member));
      return {
        post(message) {
          if (!members.has(member)) throw new DOMException('closed', 'InvalidStateError');
          const copy: unknown = structuredClone(message);
          for (const other of members) {
            if (other === member) continue;
            queueMicrotask(() =>
              other.owner.run(() => {
                if (members.has(other)) for (const listener of other.listeners) listener(copy);
              }),
            );
          }
        },
        onMessage(listener) {
          member.listeners.add(listener);
          return () => member.listeners.delete(listener);
        },
        close: () => void members.delete(member),
      };
    },
    release(owner) {
      for (const members of names.values()) {
        for (const member of members) if (member.owner === owner) members.delete(member);
      }
    },
    size: () => [...names.values()].reduce((sum, members) => sum + members.size, 0),
  };
};
