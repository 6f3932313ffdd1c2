import type { Status } from '@presence/core';

/** What a node tells the process that started it. */
export type FromNode =
  | {
      readonly type: 'listening';
      readonly port: number;
      /** How long its users count after a crash. */
      readonly nodeLeaseMs: number;
      /** How long they count after a drain. */
      readonly drainMs: number;
    }
  /** A change that this node committed; no other node tells of it. */
  | { readonly type: 'change'; readonly userId: string; readonly status: Status };
