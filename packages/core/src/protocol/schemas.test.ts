import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { LIMITS } from './limits.ts';
import {
  clientFrameSchema,
  countQuerySchema,
  describeIssues,
  heartbeatSchema,
  idSchema,
  leaveSchema,
  statusSchema,
  usersQuerySchema,
  visibilitySchema,
} from './schemas.ts';
import { onlineQuerySchema } from './room-schemas.ts';

const accepts = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success;
const said = (schema: z.ZodType, value: unknown): string => {
  const parsed = schema.safeParse(value);
  return parsed.success ? 'accepted' : describeIssues(parsed.error);
};
const long = (length: number): string => 'a'.repeat(length);
const many = (length: number): string[] => Array.from({ length }, (_, index) => `u${index}`);
const hello = { type: 'hello', protocol: 1, ticket: 'x' };
const watch = { type: 'watch', id: 'w' };
const status = { type: 'status', status: 'busy' };

describe('ids', () => {
  it.each(['a', long(128), 'Ada Lovelace', 'ада', '👩‍👩‍👧', 'a|b:c', '__proto__', ' '])('%j', (id) => {
    expect(accepts(idSchema, id)).toBe(true);
  });

  it.each([
    ['empty', '', 'must not be empty'],
    ['too long', long(129), 'must be at most 128 characters'],
    ['a lone surrogate', 'a\ud800', 'must hold no control characters and no lone surrogates'],
    ['a lone low surrogate', '\udc00a', 'must hold no control'],
    ['a line end', 'a\n', 'must hold no control'],
    ['nothing in disguise', '\0', 'must hold no control'],
    ['a C1 control', '\u0085', 'must hold no control'],
    ['a number', 5, 'must be a text'],
    ['null', null, 'must be a text'],
    ['an object', { toString: 'a' }, 'must be a text'],
  ])('%s is refused', (_, id, message) => {
    expect(said(idSchema, id)).toContain(message);
  });
});

describe('accepted', () => {
  it.each<[string, z.ZodType, unknown]>([
    ['a first beat', heartbeatSchema, {}],
    [
      'a full beat',
      heartbeatSchema,
      { sessionId: 's', seq: 3, activity: 'idle', idleMs: 0, hidden: true, device: 'web' },
    ],
    ['the last number', heartbeatSchema, { seq: Number.MAX_SAFE_INTEGER }],
    ['a year idle', heartbeatSchema, { idleMs: LIMITS.idleMs }],
    ['a leave', leaveSchema, { sessionId: 's', leaveToken: long(2048), reason: 'closed' }],
    ['a status', statusSchema, { status: 'dnd', message: long(140), emoji: '🍜', forMs: 1 }],
    ['an empty message', statusSchema, { status: 'dnd', message: '' }],
    ['hiding', visibilitySchema, { visibility: 'hidden' }],
    ['500 users', usersQuerySchema, { userIds: many(500) }],
    ['no query', onlineQuerySchema, {}],
    ['a page', onlineQuerySchema, { limit: '500', cursor: 'abc' }],
    ['a count', countQuerySchema, {}],
    ['hello', clientFrameSchema, { ...hello, sessionId: 's', device: 'web', idleMs: 5, ref: 0 }],
    ['hello of another protocol', clientFrameSchema, { ...hello, protocol: 2 }],
    ['activity', clientFrameSchema, { type: 'activity', state: 'idle', idleMs: 5 }],
    ['a status frame', clientFrameSchema, { ...status, forMs: LIMITS.claimMs }],
    ['a release', clientFrameSchema, { type: 'status', status: null }],
    ['visibility', clientFrameSchema, { type: 'visibility', visibility: 'visible' }],
    ['a tenant', clientFrameSchema, { ...watch, tenant: true }],
    ['users', clientFrameSchema, { ...watch, add: many(1000), remove: ['x'] }],
    ['fewer users', clientFrameSchema, { ...watch, remove: ['x'] }],
    ['unwatch', clientFrameSchema, { type: 'unwatch', id: 'w' }],
    ['bye', clientFrameSchema, { type: 'bye', reason: 'signed-out' }],
  ])('%s', (_, schema, value) => {
    expect(said(schema, value)).toBe('accepted');
  });

  it('a limit comes out as a number', () => {
    expect(onlineQuerySchema.parse({ limit: '020' })).toEqual({ limit: 20 });
  });
});

describe('refused', () => {
  it.each<[string, z.ZodType, unknown]>([
    ['not an object', heartbeatSchema, 'x'],
    ['a list', heartbeatSchema, []],
    ['null', heartbeatSchema, null],
    ['an unknown key', heartbeatSchema, { status: 'online' }],
    ['a negative number', heartbeatSchema, { seq: -1 }],
    ['a fraction', heartbeatSchema, { idleMs: 0.5 }],
    ['not a number', heartbeatSchema, { idleMs: Number.NaN }],
    ['a number in quotes', heartbeatSchema, { idleMs: '5' }],
    ['no end', heartbeatSchema, { idleMs: Number.POSITIVE_INFINITY }],
    ['a huge number', heartbeatSchema, { seq: 2 ** 53 }],
    ['more than a year idle', heartbeatSchema, { idleMs: LIMITS.idleMs + 1 }],
    ['another activity', heartbeatSchema, { activity: 'away' }],
    ['truth in a number', heartbeatSchema, { hidden: 1 }],
    ['an empty device', heartbeatSchema, { device: '' }],
    ['a long device', heartbeatSchema, { device: long(33) }],
    ['a session id in a list', heartbeatSchema, { sessionId: ['s'] }],
    ['null for nothing', heartbeatSchema, { sessionId: null }],
    ['a leave of nobody', leaveSchema, { reason: 'closed' }],
    ['a leave without a reason', leaveSchema, { sessionId: 's' }],
    ['a leave for another reason', leaveSchema, { sessionId: 's', reason: 'link-lost' }],
    ['a long token', leaveSchema, { sessionId: 's', leaveToken: long(2049), reason: 'closed' }],
    ['offline', statusSchema, { status: 'offline' }],
    ['no status', statusSchema, {}],
    ['a status of another case', statusSchema, { status: 'Busy' }],
    ['a long message', statusSchema, { status: 'busy', message: long(141) }],
    ['a message in lines', statusSchema, { status: 'busy', message: 'a\nb' }],
    ['half an emoji', statusSchema, { status: 'busy', emoji: '\ud83c' }],
    ['no time at all', statusSchema, { status: 'busy', forMs: 0 }],
    ['more than a year', statusSchema, { status: 'busy', forMs: LIMITS.claimMs + 1 }],
    ['an instant of the client', statusSchema, { status: 'busy', until: 5 }],
    ['nobody', usersQuerySchema, { userIds: [] }],
    ['501 users', usersQuerySchema, { userIds: many(501) }],
    ['a bad one among good', usersQuerySchema, { userIds: ['a', ''] }],
    ['page 0', onlineQuerySchema, { limit: '0' }],
    ['a large page', onlineQuerySchema, { limit: '501' }],
    ['a page in hex', onlineQuerySchema, { limit: '0x1' }],
    ['a repeated parameter', onlineQuerySchema, { limit: ['1', '2'] }],
    ['a long cursor', onlineQuerySchema, { cursor: long(1025) }],
    ['a filter that is not known', countQuerySchema, { status: 'online' }],
    ['no type', clientFrameSchema, {}],
    ['another type', clientFrameSchema, { type: 'welcome' }],
    ['a type of all objects', clientFrameSchema, { type: 'constructor' }],
    ['hello without a ticket', clientFrameSchema, { type: 'hello', protocol: 1 }],
    ['hello with an empty ticket', clientFrameSchema, { ...hello, ticket: '' }],
    ['hello with a user', clientFrameSchema, { ...hello, userId: 'eve' }],
    ['hello with a tenant', clientFrameSchema, { ...hello, tenant: 'other' }],
    ['a negative ref', clientFrameSchema, { ...hello, ref: -1 }],
    ['a huge ref', clientFrameSchema, { ...hello, ref: 2 ** 53 }],
    ['activity away', clientFrameSchema, { type: 'activity', state: 'away' }],
    ['a status frame offline', clientFrameSchema, { type: 'status', status: 'offline' }],
    ['a status frame without one', clientFrameSchema, { type: 'status' }],
    ['a watch of nothing', clientFrameSchema, watch],
    ['a watch of both', clientFrameSchema, { ...watch, tenant: true, add: ['x'] }],
    ['a tenant without one', clientFrameSchema, { ...watch, tenant: true, remove: ['x'] }],
    ['not the tenant', clientFrameSchema, { ...watch, tenant: false }],
    ['a tenant by name', clientFrameSchema, { ...watch, tenant: 'other' }],
    ['a watch of nobody', clientFrameSchema, { ...watch, add: [] }],
    ['1001 users', clientFrameSchema, { ...watch, add: many(1001) }],
    ['a watch without a name', clientFrameSchema, { type: 'watch', tenant: true }],
    ['unwatch without a name', clientFrameSchema, { type: 'unwatch' }],
    ['bye for no reason', clientFrameSchema, { type: 'bye' }],
  ])('%s', (_, schema, value) => {
    expect(accepts(schema, value)).toBe(false);
  });

  it.each([
    ['a beat', heartbeatSchema, '{"__proto__":{"hidden":true}}'],
    ['a frame', clientFrameSchema, '{"type":"unwatch","id":"w","__proto__":{}}'],
    ['a frame by its prototype', clientFrameSchema, '{"__proto__":{"type":"unwatch","id":"w"}}'],
    ['a watch', clientFrameSchema, '{"type":"watch","id":"w","__proto__":{"tenant":true}}'],
    ['a query', usersQuerySchema, '{"userIds":["a"],"constructor":1}'],
  ])('S15: %s with a key of all objects', (_, schema, json) => {
    expect(accepts(schema, JSON.parse(json))).toBe(false);
    expect(Object.prototype).not.toHaveProperty('hidden');
  });
});

describe('describeIssues', () => {
  it.each<[unknown, string]>([
    [{ sessionId: '' }, 'sessionId: must not be empty'],
    [{ idleMs: 'x' }, 'idleMs: must be a whole number of milliseconds from 0 to 31622400000'],
    [{ sesionId: 'a' }, 'sesionId is not known'],
    [{ a: 1, b: 2 }, 'a, b are not known'],
    [{ '<b>\u0007': 1 }, 'has a key that is not known'],
    [{ [long(4000)]: 1 }, 'has a key that is not known'],
  ])('says where and what: %j', (value, message) => {
    expect(said(heartbeatSchema, value)).toBe(message);
  });

  it('names the place in a list, at most three, and no value', () => {
    const message = said(usersQuerySchema, { userIds: ['', 'ok', 'se\ncret', '', '', ''] });
    expect(message).toBe(
      'userIds.0: must not be empty; userIds.2: must hold no control characters and no lone surrogates; userIds.3: must not be empty',
    );
  });

  it('stays short whatever is sent', () => {
    const keys = Object.fromEntries(many(500).map((key) => [key, 1]));
    expect(said(heartbeatSchema, keys)).toBe('u0, u1, u2 are not known');
    expect(said(clientFrameSchema, { type: long(4000) }).length).toBeLessThan(300);
    expect(said(statusSchema, { status: long(4000) }).length).toBeLessThan(300);
  });
});
