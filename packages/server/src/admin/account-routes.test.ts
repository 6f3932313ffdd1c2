import type { Account } from '@presence/core';
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

  it('is changed where it does not know the user', async () => {
    const { presence, refused } = setup();
    await presence.signIn('bob');
    const banned = await refused('PUT /admin/users/bob/account', { account: 'banned' });
    expect(banned).toEqual([200, undefined]);
    await expect(presence.signIn('bob')).rejects.toThrow();
  });
});
