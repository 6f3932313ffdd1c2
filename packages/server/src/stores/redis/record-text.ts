import type { LeaseId, PresenceRecord, SpentTicket } from '@presence/core';
import {
  packClaim,
  packSession,
  packView,
  unpackClaim,
  unpackSession,
  unpackView,
} from './packed-parts.ts';
import { packStep, unpackStep } from './packed-steps.ts';
import { before, instant, packedList, trimmed, unpackedList, type Row } from './packing.ts';

const USUAL_RECORD = Array.from({ length: 12 }, () => null);

/** @param holds that are stored beside it, in that order */
export const encodeRecord = (record: PresenceRecord, holds: readonly LeaseId[]): string => {
  const from = record.revision;
  const row: Row = [
    packView(from, record.public),
    packedList(record.steps, (step) => packStep(from, step)),
    before(from, record.updatedAt),
    packedList(record.sessions, (session) => packSession(from, holds, session)),
    before(from, record.activeAt),
    packedList(record.claims, (claim) => packClaim(from, claim)),
    packedList(record.spent, ({ id, until }) => [id, before(from, until)]),
    before(from, record.seenAt),
    record.visibility === 'visible' ? null : record.visibility,
    record.account === 'active' ? null : record.account,
    before(from, record.signedOutAt),
    // Most users never hide: their two views are one object, and are written once.
    record.own === record.public ? null : packView(from, record.own),
  ];
  return JSON.stringify(trimmed(row, USUAL_RECORD));
};

interface Beside {
  readonly userId: string;
  readonly revision: number;
  readonly holds: readonly LeaseId[];
}

/** @param beside what is stored of the user in other places */
export const decodeRecord = (text: string, beside: Beside): PresenceRecord => {
  const { userId, revision, holds } = beside;
  const row = JSON.parse(text) as Row;
  const view = unpackView(revision, row[0] as Row);
  const own = row[11] ?? null;
  return {
    userId,
    revision,
    updatedAt: instant(revision, row[2])!,
    seenAt: instant(revision, row[7]),
    activeAt: instant(revision, row[4]),
    sessions: unpackedList(row[3], (each) => unpackSession(revision, holds, each)),
    claims: unpackedList(row[5], (each) => unpackClaim(revision, each)),
    visibility: (row[8] ?? 'visible') as PresenceRecord['visibility'],
    account: (row[9] ?? 'active') as PresenceRecord['account'],
    signedOutAt: instant(revision, row[10]),
    spent: unpackedList(row[6], ([id, until]): SpentTicket => ({
      id: id as string,
      until: instant(revision, until)!,
    })),
    public: view,
    own: own === null ? view : unpackView(revision, own as Row),
    steps: unpackedList(row[1], (each) => unpackStep(revision, each)),
  };
};
