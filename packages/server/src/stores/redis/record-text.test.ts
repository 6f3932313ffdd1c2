import { emptyRecord, type PresenceRecord, type Session, type View } from '@presence/core';
import { describe, expect, it } from 'vitest';
import { decodeSteps, encodeSteps } from './packed-steps.ts';
import { decodeRecord, encodeRecord } from './record-text.ts';
import { FIELD, ITEM } from '../shared/ids.ts';

const AT = 1_795_738_944_316;
const HOLDS = ['o:first:1', 'n:node:4'];

const session = (parts: Partial<Session>): Session => ({
  id: 'first',
  lease: 'o:first:1',
  generation: 1,
  seq: 0,
  idleSince: null,
  device: null,
  openedAt: AT,
  endsAt: null,
  ...parts,
});

const view = (parts: Partial<View>): View => ({
  version: AT,
  status: 'online',
  since: AT - 5,
  lastSeenAt: null,
  lastActiveAt: null,
  message: null,
  emoji: null,
  devices: [],
  ...parts,
});

const ONE = view({});
const atRest: PresenceRecord = {
  ...emptyRecord('ada'),
  revision: AT,
  updatedAt: AT,
  sessions: [session({})],
  public: ONE,
  own: ONE,
};

const everything: PresenceRecord = {
  userId: 'ada',
  revision: AT,
  updatedAt: AT - 1.5,
  seenAt: AT - 86_400_000,
  activeAt: 0,
  sessions: [
    session({ seq: 12, idleSince: AT }),
    session({ id: 'second', lease: 'n:node:4', generation: 3, device: 'web', endsAt: AT + 15_000 }),
    session({ id: 'third', lease: 'o:nobody-said:1', generation: 0, openedAt: 1 }),
    session({
      id: 'fourth',
      rooms: [
        { room: `${FIELD}{}`, meta: null },
        { room: 'b', meta: '{"page":"é"}' },
      ],
    }),
  ],
  claims: [
    {
      source: 'user',
      status: 'busy',
      priority: 50,
      message: `"quoted"${FIELD}${ITEM}\n`,
      emoji: null,
      until: AT + 0.1,
      setAt: AT,
      holdsAbsent: false,
    },
    {
      source: 'admin',
      status: 'offline',
      priority: 100,
      message: null,
      emoji: '🌴',
      until: null,
      setAt: 7,
      holdsAbsent: true,
    },
  ],
  visibility: 'hidden',
  account: 'banned',
  signedOutAt: AT,
  spent: [{ id: 'ticket', until: AT + 70_000 }],
  public: view({ version: 0, status: 'offline', since: null }),
  own: view({ status: 'away', lastActiveAt: AT, message: '', devices: ['app', 'web'] }),
  steps: [
    { revision: AT - 9, version: 0, status: 'online', at: AT - 9, cause: 'opened' },
    {
      revision: AT,
      version: AT,
      status: 'away',
      at: AT - 0.25,
      cause: 'of-a-later-release' as 'opened',
    },
  ],
};

const back = (record: PresenceRecord): PresenceRecord =>
  decodeRecord(encodeRecord(record, HOLDS), {
    userId: record.userId,
    revision: record.revision,
    holds: HOLDS,
  });

describe('a record as it is stored', () => {
  it.each([
    ['of nobody', emptyRecord('ada')],
    ['of a user at rest', atRest],
    ['with everything in it', everything],
    ['with the claims alone', { ...atRest, claims: everything.claims }],
    ['hidden at its first instant', { ...everything, revision: 1 }],
  ])('S4: comes back as it was: %s', (_, record) => {
    expect(back(record)).toEqual(record);
  });

  it('has its two views as one object where they are', () => {
    const { own, public: shown } = back(atRest);
    expect(own).toBe(shown);
  });

  it('holds no separator of the layout', () => {
    const text = encodeRecord(everything, HOLDS);
    expect([FIELD, ITEM].some((separator) => text.includes(separator))).toBe(false);
  });
});

describe('the steps of a write', () => {
  it('are told by their number where the record ends with them', () => {
    const last = everything.steps.slice(1);
    expect(encodeSteps(last, everything)).toBe('1');
    expect(decodeSteps('1', everything)).toEqual(last);
    expect(decodeSteps(encodeSteps([], everything), everything)).toEqual([]);
  });

  it.each([
    ['a record that does not have them', atRest],
    ['a record that is deleted', null],
  ])('are written out beside %s', (_, record) => {
    expect(decodeSteps(encodeSteps(everything.steps, record), record)).toEqual(everything.steps);
  });
});
