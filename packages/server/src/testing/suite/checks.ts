import type { Check } from './check.ts';
import { amnestyChecks } from './checks/amnesty.ts';
import { commitChecks } from './checks/commits.ts';
import { dueChecks } from './checks/due.ts';
import { engineChecks } from './checks/engines.ts';
import { fenceChecks } from './checks/fences.ts';
import { leaseChecks } from './checks/leases.ts';
import { listChecks } from './checks/lists.ts';
import { messageChecks } from './checks/messages.ts';
import { roomChecks } from './checks/rooms.ts';
import { tenantChecks } from './checks/tenants.ts';

/** Every example of the suite by the part of the contract that it shows, expiry first. */
export const CHECKS: Readonly<Record<string, readonly Check[]>> = Object.freeze({
  leases: leaseChecks,
  commits: commitChecks,
  due: dueChecks,
  lists: listChecks,
  messages: messageChecks,
  amnesty: amnestyChecks,
  tenants: tenantChecks,
  fences: fenceChecks,
  engines: engineChecks,
  rooms: roomChecks,
});
