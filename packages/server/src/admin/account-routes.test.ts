import type { Account } from '@presence/core';
import type { AdminUserAnswer } from '@presence/core/protocol';
import { describe, expect, it } from 'vitest';
import { createAdminNode } from '../testing/admin-node.ts';

describe('an account that the application’s own data knows', () => {
  const setup = () => {
    const table = new Map<string, Account>([['ada', 'active']]);
    const node = createAdminNode({
      sources: { account: async ({ userId }) => table.get(userId) },
    });
    return { ...node, table, path: 'PUT /admin/users/ada/account' };
  };

  it('S9: is not changed to what it contradicts, for that would not last', async () => {
    const { table, presence, path, refused, audited } = setup();
    await presence.signIn('ada');
    expect(await refused(path, { account: 'suspended' })).toEqual([409, 'account_from_source']);
    expect((await presence.get('ada')).status).toBe('online');
    expect(audited).toEqual([]);
    table.set('ada', 'suspended');
    expect(await refused(path, { account: 'active' })).toEqual([409, 'account_from_source']);
    expect(await refused(path, { account: 'suspended' })).toEqual([200, undefined]);
    expect((await presence.get('ada')).status).toBe('offline');
    await expect(presence.signIn('ada')).rejects.toThrow('may not be present');
    expect(audited).toHaveLength(1);
  });

  it('is named beside the user, so that a page offers nothing that would be refused', async () => {
    const said = async (userId: string): Promise<unknown> => {
      const { status, json } = await as<AdminUserAnswer>(`GET /admin/users/${userId}`);
      expect(status).toBe(200);
      return json.accountFromSource;
    };
    const { table, as } = setup();
    expect(await said('ada')).toBe('active');
    table.set('ada', 'banned');
    expect(await said('ada')).toBe('banned');
    expect(await said('bob')).toBeUndefined();
  });

  it('is not named where its data cannot be asked: the page about the user is there all the same', async () => {
    const warned: string[] = [];
    const silent = (): void => undefined;
    const warn = (_: object, text: string): void => void warned.push(text);
    const logger = { debug: silent, info: silent, warn, error: silent };
    const { as } = createAdminNode({
      logger,
      sources: { account: () => Promise.reject(new Error('no database')) },
    });
    const { status, json } = await as<AdminUserAnswer>('GET /admin/users/ada');
    expect([status, json.accountFromSource]).toEqual([200, undefined]);
    expect(warned).toEqual(['[presence/account] sources.account gave no answer.']);
  });

  it('is changed where it does not know the user', async () => {
    const { presence, refused } = setup();
    await presence.signIn('bob');
    const banned = await refused('PUT /admin/users/bob/account', { account: 'banned' });
    expect(banned).toEqual([200, undefined]);
    await expect(presence.signIn('bob')).rejects.toThrow();
  });
});
