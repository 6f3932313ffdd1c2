import type { Instant, Presence } from '@presence/core';
import type { Me, RoomChangesFrame, RoomSnapshotFrame, TypistFrame } from '@presence/core/protocol';
import type { ConnectionState, IdleState } from './types.ts';

/** What is kept of each user of the tenant. */
export type OnlineRow = Pick<Presence, 'userId' | 'status' | 'version'>;

/** A frame about one room. */
export type RoomFrame = RoomSnapshotFrame | RoomChangesFrame | TypistFrame;

/**
 * Something that was learnt. The tab that holds the link takes it in and passes it on; the tabs
 * that follow take in the same, so that all of them show the same.
 */
export interface Facts {
  /** How long what a lost link had confirmed is still shown. */
  readonly staleAfterMs?: number | undefined;
  /** The link is lost; it was last known to be good at this instant of this machine's clock. */
  readonly lostAt?: number | undefined;
  readonly rows?: readonly Presence[] | undefined;
  readonly online?: readonly OnlineRow[] | undefined;
  /** `online` is everybody who is not offline; without this, only those who changed. */
  readonly complete?: boolean | undefined;
  /** Of `rows`, `online` and `me`, on the server's clock. */
  readonly asOf?: Instant | undefined;
  readonly me?: Me | undefined;
  /** What was said of rooms, as it was said. */
  readonly rooms?: readonly RoomFrame[] | undefined;
  /** No tab wants to know of these any more: users, rooms, or everybody. */
  readonly drop?: readonly string[] | undefined;
  readonly connection?: ConnectionState | undefined;
  readonly idle?: IdleState | undefined;
}
