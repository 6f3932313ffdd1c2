import { isSharedLease, type Instant, type Lease, type LeaseId } from '@presence/core';
import { createGather } from '../../shared/gather.ts';
import { inPieces } from '../../shared/pieces.ts';
import type { PresenceStore } from '../../store.ts';
import type { Now } from '../instant.ts';
import type { Parts } from '../parts.ts';
import { readMeta, type Ready } from '../ready.ts';
import { renewFar, renewNear } from './own.ts';
import { renewShared } from './shared.ts';

const MOST = 500;
const AT_ONCE = 2;

/** An own lease, and until when its renewal is valid. */
interface Asked {
  readonly lease: Lease;
  readonly validUntil: Instant | null;
}

interface Renewed {
  readonly now: Now;
  readonly alive: ReadonlySet<LeaseId>;
}

/** The earliest end holds for all that travel together; they were asked for within moments. */
const earliestEnd = (asked: readonly Asked[]): Instant | null => {
  let earliest: number | null = null;
  for (const { validUntil } of asked) {
    if (validUntil !== null && (earliest === null || validUntil < earliest)) earliest = validUntil;
  }
  return earliest;
};

const NONE: ReadonlyMap<LeaseId, number> = new Map();

export const createRenew = (parts: Parts, ready: Ready): PresenceStore['renew'] => {
  const { db, attempts } = parts;
  const clock = () => ready.ask(() => readMeta(parts, db));

  const renewOwn = async (asked: readonly Asked[]): Promise<Renewed> => {
    const now = await clock();
    const leases = asked.map(({ lease }) => lease);
    const until = earliestEnd(asked);
    const isPlain = !now.isOld && now.amnesties.length === 0;
    const alive = isPlain ? await renewFar(parts, now, leases, until) : new Set<LeaseId>();
    const rest = leases.filter(({ id }) => !alive.has(id));
    if (rest.length === 0) return { now, alive };
    const near = await ready.judged(() => renewNear(parts, rest, until));
    return { now, alive: new Set([...alive, ...near]) };
  };

  const gather = createGather<Asked, Renewed>({ most: MOST, atOnce: AT_ONCE, send: renewOwn });

  const renewAll = async (leases: readonly Lease[], validUntil: Instant | null) => {
    const own = leases.filter(({ id }) => !isSharedLease(id));
    const shared = leases.filter(({ id }) => isSharedLease(id));
    const pieces = own.length === 0 ? [] : inPieces(own, MOST);
    const [answers, held] = await Promise.all([
      Promise.all(pieces.map((piece) => gather(piece.map((lease) => ({ lease, validUntil }))))),
      shared.length === 0 ? NONE : ready.judged(() => renewShared(parts, shared, validUntil)),
    ]);
    const now = answers[0]?.answer.now ?? (await clock());
    const isAlive = (id: LeaseId): boolean =>
      held.has(id) || answers.some(({ answer }) => answer.alive.has(id));
    const lost = leases.filter(({ id }) => !isAlive(id)).map(({ id }) => ({ id }));
    return { at: now.at, epoch: now.epoch, lost, held };
  };

  return (leases, validUntil) => attempts(() => renewAll(leases, validUntil));
};
