import type { Command } from '../commands.ts';
import { nodeLease } from '../lease.ts';
import { resolvePolicy } from '../policy.ts';
import type { Account, Status } from '../status.ts';
import { beatOf, leaveOf, openHttp } from './commands-of.ts';
import type { OneUser } from './one-user.ts';

/** Something that happens to one user; the grid is a second, so that instants meet. */
export type Op =
  | {
      readonly type: 'open';
      readonly id: string;
      readonly resume: boolean;
      readonly node: string | null;
      readonly idleMs: number | null;
      readonly forMs: number;
      readonly device: string | null;
    }
  | {
      readonly type: 'beat';
      readonly id: string;
      readonly seq: number | null;
      readonly idleMs: number | null;
      readonly forMs: number;
    }
  | {
      readonly type: 'activity';
      readonly id: string;
      readonly stale: boolean;
      readonly idleMs: number | null;
    }
  | { readonly type: 'leave'; readonly id: string; readonly graceMs: number }
  | { readonly type: 'touch' }
  | {
      readonly type: 'claim';
      readonly source: string;
      readonly status: Status;
      readonly message: string | null;
      readonly forMs: number | null;
      readonly absent: boolean;
    }
  | { readonly type: 'release'; readonly source: string }
  | { readonly type: 'visibility'; readonly hidden: boolean }
  | { readonly type: 'account'; readonly account: Account }
  | { readonly type: 'sign-out'; readonly id: string | null }
  | { readonly type: 'renew'; readonly id: string; readonly forMs: number }
  | { readonly type: 'node'; readonly node: string; readonly forMs: number }
  /** The reaper passes by. */
  | { readonly type: 'settle' };

/** One event of a history. */
export interface Happening {
  /** Seconds since the one before. */
  readonly after: number;
  readonly op: Op;
}

/** Short durations: everything ends within a history of a minute. */
export const SHORT_POLICY = resolvePolicy({
  heartbeatMs: 4000,
  hiddenHeartbeatMs: 5000,
  leaseMs: 12_000,
  nodeLeaseMs: 8000,
  nodeRenewMs: 2000,
  awayAfterMs: 5000,
  offlineAfterIdleMs: 15_000,
  maxSessions: 3,
  maxClaims: 3,
});

/** The nodes whose leases a history may hang sessions on. */
export const NODES = ['a', 'b'] as const;
const isLiveNode = (user: OneUser, node: string): boolean =>
  (user.expiry(nodeLease(node, 1)) ?? 0) > user.now();

const commandOf = (happening: Op, user: OneUser): Command | null => {
  switch (happening.type) {
    case 'open': {
      const { id: sessionId, node, idleMs: idle, device, resume } = happening;
      if (node !== null && !isLiveNode(user, node)) return null;
      const lease = node === null ? { ownForMs: happening.forMs } : { shared: nodeLease(node, 1) };
      return { ...openHttp(sessionId), lease, idleMs: idle, device, resume };
    }
    case 'beat':
      return beatOf(happening.id, happening.seq, {
        idleMs: happening.idleMs,
        forMs: happening.forMs,
      });
    case 'activity': {
      const session = user.read()?.sessions.find((other) => other.id === happening.id);
      const generation = (session?.generation ?? 1) - (happening.stale ? 1 : 0);
      return { type: 'activity', sessionId: happening.id, generation, idleMs: happening.idleMs };
    }
    case 'leave':
      return leaveOf(happening.id, { graceMs: happening.graceMs });
    case 'claim': {
      const { source: from, status, message, absent } = happening;
      const ends = happening.forMs === null ? {} : { forMs: happening.forMs };
      return { type: 'claim', source: from, status, message, holdsAbsent: absent, ...ends };
    }
    case 'visibility':
      return { type: 'visibility', visibility: happening.hidden ? 'hidden' : 'visible' };
    case 'sign-out':
      return happening.id === null
        ? { type: 'sign-out' }
        : { type: 'sign-out', sessionId: happening.id };
    case 'renew':
    case 'node':
      return null;
    default:
      return happening;
  }
};

/** Makes it happen; the command, if it was one. */
export const perform = (happening: Op, user: OneUser): Command | null => {
  if (happening.type === 'node') {
    const lease = nodeLease(happening.node, 1);
    if (isLiveNode(user, happening.node)) user.renew(lease, happening.forMs);
    else if (user.expiry(lease) === undefined) user.lease(lease, happening.forMs);
    return null;
  }
  if (happening.type === 'renew') {
    const lease = user.read()?.sessions.find((other) => other.id === happening.id)?.lease ?? '';
    if (lease.startsWith('o:')) user.renew(lease, happening.forMs);
    return null;
  }
  const command = commandOf(happening, user);
  if (command) user.run(command);
  return command;
};
