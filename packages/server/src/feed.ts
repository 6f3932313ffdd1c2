import type { Cancel } from '@presence/core';
import type { RecordChange } from './types.ts';

/** Changes of the tenants that somebody on this node listens to, whichever node committed them. */
export interface Feed {
  /**
   * Calls back for every commit of the tenant, also of this node's own, in the order in which they
   * became visible. Changes that time alone brings arrive with the reaper's commit.
   */
  listen(
    tenant: string,
    listener: {
      change(change: RecordChange): void;
      /** Messages were lost: read again what you hold. */
      gap(): void;
    },
  ): Promise<Cancel>;
}
