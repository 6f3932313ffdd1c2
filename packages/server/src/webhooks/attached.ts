import type { Desk } from './desk.ts';
import type { Webhooks } from './types.ts';

/** A webhook of a presence, as its node knows it. */
export interface Attached extends Webhooks {
  /** Where it leads, without what may be secret in a path or a query. */
  readonly host: string;
  readonly desk: Desk;
}
