import type { Policy } from '../policy.ts';
import type { Presence } from '../project.ts';
import type { Account, Status } from '../status.ts';
import type { Op } from './happening.ts';

interface NaiveSession {
  readonly id: string;
  node: string | null;
  ownEnds: number;
  generation: number;
  seq: number;
  idleSince: number | null;
  readonly device: string | null;
  readonly openedAt: number;
  endsAt: number | null;
}

interface NaiveClaim {
  readonly source: string;
  readonly status: Status;
  readonly message: string | null;
  readonly until: number | null;
  readonly setAt: number;
  readonly absent: boolean;
}

type Shown = Omit<Presence, 'userId' | 'version'>;

/** The rules of presence once more, tick by tick and without versions: what the real ones are compared with. */
export interface NaivePresence {
  /** One instant with nobody acting. */
  tick(now: number): void;
  act(op: Op, now: number): void;
  own(): Shown;
  public(): Shown;
}

const ORDER = ['admin', 'call', 'user', 'calendar'];
const rank = (source: string): number => {
  const index = ORDER.indexOf(source);
  return index < 0 ? ORDER.length : index;
};

const NEVER: Shown = { status: 'offline', since: null, lastSeenAt: null };

/** Nobody, at no instant yet: `tick` each second before anything else happens. */
export const createNaivePresence = (policy: Policy): NaivePresence => {
  const nodes = new Map<string, number>();
  let sessions: NaiveSession[] = [];
  let claims: NaiveClaim[] = [];
  let account: Account = 'active';
  let hidden = false;
  let seenAt: number | null = null;
  let activeAt: number | null = null;
  let here = false;
  let own = NEVER;
  let shown = NEVER;

  const input = (at: number): void => {
    activeAt = Math.max(activeAt ?? at, at);
  };
  const end = (gone: readonly NaiveSession[], now: number): void => {
    for (const { id, idleSince } of gone) if (id !== 'touch') input(idleSince ?? now);
    sessions = sessions.filter((session) => !gone.includes(session));
  };
  const best = (eligible: readonly NaiveClaim[]): NaiveClaim | undefined =>
    [...eligible].sort(
      (a, b) =>
        rank(a.source) - rank(b.source) || b.setAt - a.setAt || (a.source < b.source ? 1 : -1),
    )[0];

  const statusAt = (now: number): { status: Status; message: string | null } => {
    const offline = { status: 'offline', message: null } as const;
    if (account !== 'active') return offline;
    const claim = best(sessions.length > 0 ? claims : claims.filter(({ absent }) => absent));
    if (claim) return claim.status === 'offline' ? offline : claim;
    if (sessions.length === 0) return offline;
    if (sessions.some(({ idleSince }) => idleSince === null)) {
      return { status: 'online', message: null };
    }
    const last = Math.max(...sessions.map(({ idleSince }) => idleSince ?? 0));
    return now - last >= policy.offlineAfterIdleMs ? offline : { status: 'away', message: null };
  };

  const followed = (view: Shown, now: number): Shown => {
    const { status, message } = statusAt(now);
    if (status === 'offline' && view.status === 'offline') return view;
    const devices = [...new Set(sessions.flatMap(({ device }) => device ?? []))].sort();
    const offline = status === 'offline';
    const isDeclared = best(claims) !== undefined;
    return {
      status,
      since: status === view.status ? view.since : now,
      lastSeenAt: offline ? seenAt : null,
      ...((offline || (status === 'away' && !isDeclared)) &&
        activeAt !== null && { lastActiveAt: activeAt }),
      ...(message !== null && { message }),
      ...(!offline && devices.length > 0 && { devices }),
    };
  };

  const look = (now: number): void => {
    const isHere = sessions.length > 0 && statusAt(now).status !== 'offline';
    if (here && !isHere) seenAt = now;
    here = isHere;
    own = followed(own, now);
    if (!hidden) shown = followed(shown, now);
  };

  const leaseEnds = (session: NaiveSession): number =>
    session.node === null ? session.ownEnds : (nodes.get(session.node) ?? 0);

  const tick = (now: number): void => {
    const gone = sessions.filter(
      (session) => leaseEnds(session) <= now || (session.endsAt ?? now + 1) <= now,
    );
    end(gone, now);
    claims = claims.filter(({ until }) => until === null || until > now);
    look(now);
  };

  const seat = (session: NaiveSession, now: number): void => {
    const real = sessions.filter(({ id }) => id !== 'touch' && id !== session.id);
    const known = sessions.some(({ id }) => id === session.id);
    if (!known && real.length >= policy.maxSessions) {
      const oldest = [...real].sort((a, b) => a.openedAt - b.openedAt || (a.id < b.id ? -1 : 1))[0];
      if (oldest) {
        end([oldest], now);
        real.splice(real.indexOf(oldest), 1);
      }
    }
    sessions = [...real, session];
    input(session.idleSince ?? now);
  };

  const find = (id: string): NaiveSession | undefined => sessions.find((s) => s.id === id);
  const idleAt = (idleMs: number | null, now: number): number | null =>
    idleMs === null ? null : now - idleMs;
  /** True if the user's input is news: nobody cares for less than ten seconds. */
  const hear = (session: NaiveSession, idleMs: number | null, now: number): boolean => {
    const idleSince = idleAt(idleMs, now);
    const before = session.idleSince;
    if (before === idleSince) return false;
    if (before !== null && idleSince !== null && idleSince < before + 10_000) return false;
    session.idleSince = idleSince;
    input(idleSince ?? now);
    return true;
  };

  const open = (op: Extract<Op, { type: 'open' }>, now: number): void => {
    const before = find(op.id);
    if (account !== 'active' || op.resume !== (before !== undefined)) return;
    if (op.node !== null && (nodes.get(op.node) ?? 0) <= now) return;
    seat(
      {
        id: op.id,
        node: op.node,
        ownEnds: now + op.forMs,
        generation: (before?.generation ?? 0) + 1,
        seq: 0,
        idleSince: idleAt(op.idleMs, now),
        device: op.device ?? before?.device ?? null,
        openedAt: before?.openedAt ?? now,
        endsAt: null,
      },
      now,
    );
  };

  const touch = (now: number): void => {
    if (account !== 'active' || sessions.some(({ id }) => id !== 'touch')) return;
    const before = find('touch');
    if (before && before.ownEnds - now > policy.leaseMs * 0.75) return;
    const fresh = { node: null, generation: 0, seq: 0, idleSince: null, device: null };
    sessions = [
      { ...fresh, id: 'touch', ownEnds: now + policy.leaseMs, openedAt: now, endsAt: null },
    ];
    input(now);
  };

  const claim = (op: Extract<Op, { type: 'claim' }>, now: number): void => {
    if (op.source === 'user' && account !== 'active') return;
    if (op.status === 'offline' && op.source !== 'admin') return;
    const until = op.forMs === null ? null : now + op.forMs;
    const absent = op.absent && op.source === 'admin';
    const before = claims.find(({ source }) => source === op.source);
    if (before?.status === op.status && before.message === op.message) {
      if (before.until === until && before.absent === absent) return;
    }
    const others = claims.filter(({ source }) => source !== op.source);
    if (others.length >= policy.maxClaims) return;
    const { source, status, message } = op;
    claims = [...others, { source, status, message, until, setAt: now, absent }];
  };

  const hide = (now: number): void => {
    for (const { id, idleSince } of sessions) if (id !== 'touch') input(idleSince ?? now);
    hidden = true;
    if (shown.status === 'offline') return;
    const lastSeenAt = sessions.length > 0 ? now : seenAt;
    shown = {
      status: 'offline',
      since: now,
      lastSeenAt,
      ...(activeAt !== null && { lastActiveAt: activeAt }),
    };
  };

  const leave = (op: Extract<Op, { type: 'leave' }>, now: number): void => {
    const session = find(op.id);
    if (!session) return;
    if (op.graceMs === 0) end([session], now);
    else session.endsAt ??= now + op.graceMs;
  };

  const beat = (op: Extract<Op, { type: 'beat' }>, now: number): void => {
    const session = find(op.id);
    if (account !== 'active' || !session || session.node !== null || session.endsAt !== null)
      return;
    if (op.seq !== null && op.seq <= session.seq) return;
    if (!hear(session, op.idleMs, now)) return;
    session.seq = op.seq ?? session.seq;
    session.ownEnds = Math.max(session.ownEnds, now + op.forMs);
  };

  const change = (op: Op, now: number): void => {
    if (op.type === 'open') open(op, now);
    else if (op.type === 'beat') beat(op, now);
    else if (op.type === 'touch') touch(now);
    else if (op.type === 'claim') claim(op, now);
    else if (op.type === 'leave') leave(op, now);
    else if (op.type === 'activity') {
      const session = find(op.id);
      if (session && !op.stale) hear(session, op.idleMs, now);
    } else if (op.type === 'release') {
      if (op.source === 'user' && account !== 'active') return;
      claims = claims.filter(({ source }) => source !== op.source);
    } else if (op.type === 'visibility') {
      if (account !== 'active' || op.hidden === hidden) return;
      if (op.hidden) hide(now);
      else hidden = false;
    } else if (op.type === 'account') {
      if (op.account !== 'active') end(sessions, now);
      account = op.account;
    } else if (op.type === 'sign-out') {
      end(op.id === null ? sessions : sessions.filter(({ id }) => id === op.id), now);
    } else if (op.type === 'renew') {
      const session = find(op.id);
      if (session?.node === null) session.ownEnds = Math.max(session.ownEnds, now + op.forMs);
    } else if (op.type === 'node') {
      const ends = nodes.get(op.node);
      if (ends === undefined || ends > now) nodes.set(op.node, Math.max(ends ?? 0, now + op.forMs));
    }
  };

  return {
    tick,
    act: (op, now) => {
      change(op, now);
      look(now);
    },
    own: () => own,
    public: () => shown,
  };
};
