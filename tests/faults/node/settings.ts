import type { PolicyOptions } from '@presence/core';

/** What a presence node is started with, as JSON in its first argument. */
export interface NodeSettings {
  readonly name: string;
  /** 0: any. */
  readonly port: number;
  /** Of one Redis, or of masters of a cluster, on 127.0.0.1. */
  readonly redisPorts: readonly number[];
  readonly isCluster: boolean;
  readonly policy: PolicyOptions;
  /** Adds what the key says, in ms, to the time that the store's scripts read: a clock that can be set. */
  readonly isClockSettable: boolean;
}

/** What a node is told. */
export type NodeOrder =
  | { readonly id: number; readonly do: 'drain' }
  | { readonly id: number; readonly do: 'sign-out'; readonly userId: string };

/** What a node says. */
export type NodeWord =
  | { readonly says: 'ready'; readonly port: number }
  | { readonly says: 'lag'; readonly at: number; readonly ms: number }
  | { readonly says: 'done'; readonly id: number; readonly error?: string };

export const PREFIX = 'faults';

/** Of users over partitions, so that each master of a cluster has some. */
export const SHARDS = 4;

/** The key of a partition whose value moves its clock. */
export const clockKey = (partition: number): string => `{${PREFIX}:${partition}}:step`;
