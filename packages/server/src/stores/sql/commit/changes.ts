import { isSharedLease, type Instant, type LeaseId } from '@presence/core';
import { encodeRecord } from '../../shared/record-text.ts';
import { stepRows } from '../history/put-steps.ts';
import { outboxRows } from '../outbox/rows.ts';
import type { Row } from '../tables.ts';
import { endOf, heldBy, type Held } from '../users.ts';
import type { Before, Asked, Found } from './stored.ts';

/** Rows to delete and to insert, of each table that a batch of writes touches. */
export interface Changes {
  readonly users: Row[];
  readonly newUsers: Row[];
  readonly goneUsers: Row[];
  readonly leases: Row[];
  readonly goneLeases: Row[];
  readonly holds: Row[];
  readonly goneHolds: Row[];
  readonly scopes: Row[];
  readonly goneScopes: Row[];
  /** For the history. */
  readonly steps: Row[];
  /** For webhooks. */
  readonly outbox: Row[];
  /** Hook, tenant and user of what was given up, of users who are forgotten. */
  readonly goneOutbox: Row[];
  /** For the feed, by tenant: user, revision, instant, and what is told. */
  readonly told: Map<string, Row[]>;
}

export const noChanges = (): Changes => ({
  users: [],
  newUsers: [],
  goneUsers: [],
  leases: [],
  goneLeases: [],
  holds: [],
  goneHolds: [],
  scopes: [],
  goneScopes: [],
  steps: [],
  outbox: [],
  goneOutbox: [],
  told: new Map(),
});

type In = (id: string) => string;

const NOBODY: Before = Object.freeze({
  revision: 0,
  version: 0,
  status: 'offline',
  solo: '',
  scopes: [],
});

const rowOfUser = ({ write, tenant, userId, isCopy }: Asked, data: string, text: In): Row => {
  const { record, status, deadline, solo, scopes, holds } = write;
  const { version, since, lastSeenAt, lastActiveAt } = record!.public;
  const isAsWritten = isCopy ?? record!.claims.some((claim) => claim.holdsAbsent);
  return [
    tenant,
    userId,
    record!.revision,
    version,
    status,
    since,
    lastSeenAt,
    lastActiveAt,
    deadline,
    text(solo),
    isAsWritten ? 1 : 0,
    JSON.stringify(scopes),
    data,
    JSON.stringify(holds.filter((id) => !isSharedLease(id)).map(text)),
  ];
};

/** The ends of own leases after the write, by what it grants: a living lease is extended, an ended one is not. */
const grantsOf = (found: Found, { write, name }: Asked): Map<LeaseId, Instant> => {
  const { now } = found;
  const held = new Map(heldBy(found, name).map((lease) => [lease.id, lease]));
  const granted = new Map<LeaseId, Instant>();
  for (const { id, forMs } of write.grant) {
    if (isSharedLease(id) || !write.holds.includes(id)) continue;
    const before = held.get(id);
    const end = before ? (endOf(now, before) ?? 0) : 0;
    if (before && (end <= now.at || end >= now.at + forMs)) continue;
    granted.set(id, now.at + Math.ceil(forMs));
  }
  return granted;
};

const noteLeases = (
  changes: Changes,
  { now }: Found,
  { write, tenant, userId }: Asked,
  { held, granted }: { held: readonly Held[]; granted: ReadonlyMap<LeaseId, Instant> },
  text: In,
): void => {
  for (const { id } of held) {
    if (!isSharedLease(id) && !write.holds.includes(id)) changes.goneLeases.push([text(id)]);
  }
  for (const [id, end] of granted) {
    changes.leases.push([text(id), end, end, now.pardon, tenant, userId]);
  }
};

const noteHolds = (
  changes: Changes,
  { write, tenant, userId }: Asked,
  held: readonly Held[],
  text: In,
): void => {
  const before = new Map(held.map(({ id, isSolo }) => [id, isSolo]));
  for (const [id, isSolo] of before) {
    const stays = write.holds.includes(id) && isSolo === (write.solo === id);
    if (isSharedLease(id) && !stays) {
      changes.goneHolds.push([text(id), isSolo ? 1 : 0, tenant, userId]);
    }
  }
  for (const id of write.holds) {
    const isSolo = write.solo === id;
    if (isSharedLease(id) && before.get(id) !== isSolo) {
      changes.holds.push([text(id), isSolo ? 1 : 0, tenant, userId]);
    }
  }
};

const sameItems = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);

/** Against the store's own copy: a release that knows other lists leaves nothing behind. */
const noteScopes = (
  changes: Changes,
  { write, tenant, userId }: Asked,
  before: Before,
  text: In,
): void => {
  const scopes = write.record === null ? [] : write.scopes;
  const { status, solo } = write;
  const stays = before.status === status && before.solo === solo;
  if (stays && sameItems(before.scopes, scopes)) return;
  for (const scope of new Set(before.scopes)) {
    changes.goneScopes.push([tenant, text(scope), before.status, userId]);
  }
  for (const scope of new Set(scopes)) {
    changes.scopes.push([tenant, text(scope), status, userId, text(solo)]);
  }
};

const noteTold = (
  changes: Changes,
  found: Found,
  { write, tenant, userId, name }: Asked,
  { data, granted }: { data: string; granted: ReadonlyMap<LeaseId, Instant> },
): void => {
  const { now, nodes } = found;
  const known = new Map(heldBy(found, name).map((lease) => [lease.id, lease]));
  const leases = write.holds.flatMap((id) => {
    const lease = known.get(id) ?? nodes.get(id);
    const end = granted.get(id) ?? (lease && endOf(now, lease));
    return end === undefined ? [] : [[id, end]];
  });
  const told = `{"leases":${JSON.stringify(leases)},"steps":${JSON.stringify(write.steps)},"record":${data}}`;
  const rows = changes.told.get(tenant) ?? [];
  rows.push([userId, write.record?.revision ?? 0, now.at, told]);
  changes.told.set(tenant, rows);
};

/** Adds what an accepted write changes. */
export const noteWrite = (changes: Changes, found: Found, asked: Asked, text: In): void => {
  const { write, tenant, userId, name } = asked;
  const before = found.before.get(name);
  const held = heldBy(found, name);
  changes.steps.push(...stepRows(tenant, userId, write.steps));
  changes.outbox.push(...outboxRows(found, asked, before?.version ?? 0));
  if (write.record === null) {
    const released = { ...asked, write: { ...write, holds: [], grant: [], solo: '' } };
    noteLeases(changes, found, released, { held, granted: new Map() }, text);
    noteHolds(changes, released, held, text);
    noteScopes(changes, asked, before ?? NOBODY, text);
    if (before) changes.goneUsers.push([tenant, userId]);
    changes.goneOutbox.push(...found.hooks.map((hook) => [hook, tenant, userId]));
    noteTold(changes, found, released, { data: 'null', granted: new Map() });
    return;
  }
  const granted = grantsOf(found, asked);
  const data = encodeRecord(write.record);
  (before ? changes.users : changes.newUsers).push(rowOfUser(asked, data, text));
  noteLeases(changes, found, asked, { held, granted }, text);
  noteHolds(changes, asked, held, text);
  noteScopes(changes, asked, before ?? NOBODY, text);
  noteTold(changes, found, asked, { data, granted });
};
