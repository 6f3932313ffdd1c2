import type { FailureChoice, OutboxCount, OutboxFailure } from './outbox.ts';

/** What admins of a tenant see of one webhook, and what they can do about it. */
export interface Desk {
  count(tenant: string): Promise<OutboxCount>;
  /** What was given up of the tenant, the latest first. */
  failures(tenant: string, limit: number): Promise<readonly OutboxFailure[]>;
  /** Lets what was given up wait again; how much. */
  retry(choice: FailureChoice): Promise<number>;
  /** Forgets what was given up; how much. */
  drop(choice: FailureChoice): Promise<number>;
}
