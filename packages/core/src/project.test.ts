import { describe, expect, it } from 'vitest';
import { nodeLease } from './lease.ts';
import { compactRow, fullRow, presenceOf, project, viewOf } from './project.ts';
import { emptyRecord, UNSEEN } from './record.ts';
import { hiddenScope, roomScope, scopesOf, soloLease, TENANT_SCOPE } from './scopes.ts';
import { claimOf, openHttp, openSocket } from './testing/commands-of.ts';
import { createOneUser, START } from './testing/one-user.ts';

const NODE = nodeLease('a', 1);

describe('project', () => {
  it('someone never seen is offline, without instants, in both projections', () => {
    const unseen = { userId: 'bo', status: 'offline', since: null, lastSeenAt: null, version: 0 };
    expect(project('bo', null, 'public')).toEqual(unseen);
    expect(project('bo', emptyRecord('bo'), 'true')).toEqual(unseen);
    expect(viewOf(null, 'true')).toBe(UNSEEN);
  });

  it('leaves out what there is none of, and nothing else of a record gets out', () => {
    const user = createOneUser();
    user.ok(openHttp('s', { device: 'web', ticket: { id: 't', forMs: 10_000 } }));
    expect(Object.keys(user.shown())).toEqual([
      'userId',
      'status',
      'since',
      'lastSeenAt',
      'devices',
      'version',
    ]);
    user.ok(claimOf('busy', { message: 'lunch', emoji: '🍜' }));
    expect(Object.keys(user.shown())).toEqual([
      'userId',
      'status',
      'since',
      'lastSeenAt',
      'message',
      'emoji',
      'devices',
      'version',
    ]);
  });

  it('devices come once each, in order', () => {
    const user = createOneUser();
    for (const [id, device] of [
      ['a', 'web'],
      ['b', 'mobile'],
      ['c', 'web'],
    ] as const) {
      user.ok(openHttp(id, { device }));
    }
    expect(user.shown().devices).toEqual(['mobile', 'web']);
  });

  it('a compact row is id, status and version', () => {
    const user = createOneUser();
    user.ok(openHttp('s'));
    expect(compactRow(user.shown())).toEqual(['ada', 'online', START]);
  });

  it('a full row begins like a compact one, names only what few have, and gives the presence back', () => {
    const plain = project('eve', null, 'public');
    expect(fullRow(plain)).toEqual([...compactRow(plain), null, null]);
    const busy = { ...plain, status: 'busy', since: 7, version: 7, message: 'hi' } as const;
    expect(fullRow(busy)).toEqual([...compactRow(busy), 7, null, { message: 'hi' }]);
    for (const presence of [plain, busy]) expect(presenceOf(fullRow(presence))).toEqual(presence);
  });
});

describe('scopes', () => {
  it('S17: a hidden user stands among the offline, and in the admins’ lists as they are', () => {
    const user = createOneUser();
    user.ok(openHttp('s'));
    expect(user.writes.at(-1)).toMatchObject({ status: 'online', scopes: [TENANT_SCOPE] });
    user.ok({ type: 'visibility', visibility: 'hidden' });
    expect(user.writes.at(-1)).toMatchObject({
      status: 'offline',
      scopes: [TENANT_SCOPE, hiddenScope('online')],
    });
    user.ok(claimOf('busy'));
    expect(user.writes.at(-1)?.scopes).toEqual([TENANT_SCOPE, hiddenScope('busy')]);
    expect(scopesOf(emptyRecord('bo'))).toEqual([TENANT_SCOPE]);
  });

  it('no room is another list', () => {
    expect(roomScope('t')).not.toBe(TENANT_SCOPE);
    expect(roomScope('online')).not.toBe(hiddenScope('online'));
  });

  it('solo: only where one node alone decides between online and offline', () => {
    const user = createOneUser();
    user.lease(NODE, 10 * 60_000);
    user.ok(openSocket('s', NODE, { idleMs: 0 }));
    const record = user.read() ?? emptyRecord('ada');
    expect(soloLease(record)).toBe(NODE);
    const [session] = record.sessions;
    if (!session) throw new Error('no session');
    const absent = claimOf('busy', { source: 'admin', holdsAbsent: true });
    user.ok(absent);
    expect(user.writes.at(-1)?.solo).toBe('');
    user.ok({ type: 'release', source: 'admin' });
    expect(user.writes.at(-1)?.solo).toBe(NODE);
    user.ok(claimOf('offline', { source: 'admin' }));
    expect(user.writes.at(-1)?.solo).toBe('');
    expect(soloLease({ ...record, sessions: [] })).toBe('');
    expect(soloLease({ ...record, visibility: 'hidden' })).toBe('');
    const other = { ...session, id: 't', lease: nodeLease('b', 1) };
    expect(soloLease({ ...record, sessions: [session, other] })).toBe('');
    expect(soloLease({ ...record, sessions: [{ ...session, lease: 'o:s:1' }] })).toBe('');
  });
});
