import { DEFAULT_POLICY } from '@presence/core';
import type { ServerFrame } from '@presence/core/protocol';
import { describe, expect, it } from 'vitest';
import { createAskedNode, type AskedNode } from '../../testing/asked-node.ts';
import type { Principal } from '../../types.ts';

const ADMIN: Principal = { userId: 'root', roles: ['admin'] };

const createNode = (): AskedNode =>
  createAskedNode({
    admin: true,
    security: { authorize: (who, action) => !action.startsWith('admin:') || !!who.roles },
  });

const open = async ({ ask, clock }: AskedNode, as: Principal = ADMIN) => {
  const { status, stream } = await ask('POST /admin/stream', { as });
  if (!stream) throw new Error(`answered ${status}`);
  await clock.advance(1);
  const take = (): unknown[] =>
    String((stream.read() as Buffer | null) ?? '')
      .split('\n\n')
      .filter((event) => event !== '')
      .map((event) => {
        const [, name = '', content = 'null'] = /^(?:event: (\w+)\n)?data: (.*)$/.exec(event) ?? [];
        const said = JSON.parse(content) as ServerFrame;
        return name === '' && said !== null && 'presences' in said
          ? [said.type, said.presences.map(([userId, state]) => `${userId} ${state}`)]
          : [name, said];
      });
  return { stream, take };
};

describe('the stream of admins', () => {
  it('S7, S17: lists who is truly there, then tells who changes, hidden or not', async () => {
    const node = createNode();
    const { presence, clock } = node;
    for (const userId of ['ada', 'bob']) await presence.signIn(userId);
    await presence.setVisibility('bob', 'hidden');
    const { take } = await open(node);
    expect(take()).toEqual([['snapshot', ['ada online', 'bob online']]]);
    await presence.claim('bob', 'busy');
    await presence.claim('bob', 'dnd');
    await presence.signIn('cleo');
    await clock.advance(100);
    expect(take()).toEqual([['changes', ['bob dnd', 'cleo online']]]);
    await presence.signOut('bob');
    await presence.forget('ada');
    await clock.advance(100);
    expect(take()).toEqual([['changes', ['bob offline', 'ada offline']]]);
    await clock.advance(125_000);
    expect(take().filter((said) => (said as string[])[0] === 'changes')).toEqual([
      ['changes', ['cleo offline']],
    ]);
    expect((await presence.get('root')).status).toBe('offline');
  });

  it('S15: tells nothing of another tenant', async () => {
    const node = createNode();
    const other = node.presence.tenant('other');
    await other.signIn('eve');
    const { take } = await open(node);
    await other.claim('eve', 'busy');
    await node.clock.advance(200);
    expect(take()).toEqual([['snapshot', []]]);
  });

  it('L9: ends when the admin is blocked or signed out, and with the login', async () => {
    const node = createNode();
    const { presence, clock } = node;
    const issuedAt = clock.now();
    const expiring = await open(node, { ...ADMIN, expiresAt: clock.now() + 5000 });
    await clock.advance(5000);
    expect(expiring.take().at(-1)).toEqual(['close', { code: 4401, reason: 'unauthenticated' }]);
    const signedOut = await open(node, { ...ADMIN, issuedAt });
    await presence.signOut('root');
    await clock.advance(1);
    expect(signedOut.take().at(-1)).toEqual(['close', { code: 4401, reason: 'signed_out' }]);
    const blocked = await open(node);
    await presence.setAccount('root', 'banned');
    await clock.advance(1);
    expect(blocked.take().at(-1)).toEqual(['close', { code: 4403, reason: 'account_blocked' }]);
  });

  it('S20: an admin has as many as a user has sessions; the oldest ends for another one', async () => {
    const node = createNode();
    const { maxSessions } = DEFAULT_POLICY;
    const [first, second] = [await open(node), await open(node)];
    for (const { take } of [first, second]) take();
    const others = [];
    for (let count = 2; count < maxSessions; count += 1) others.push(await open(node));
    expect(first.take()).toEqual([]);
    await open(node);
    expect(first.take()).toEqual([['close', { code: 4409, reason: 'session_replaced' }]]);
    // Whoever reads nothing is not waited for.
    await node.presence.signIn('ada');
    await node.clock.advance(200);
    await open(node);
    await open(node, { userId: 'boss', roles: ['admin'] });
    expect([second.stream.destroyed, others[0]?.stream.destroyed]).toEqual([true, false]);
    expect(others[0]?.take()).toHaveLength(2);
  });

  it('L8, S20: ends when the node drains, and leaves nothing behind', async () => {
    const node = createNode();
    const { take, stream } = await open(node);
    await node.presence.drain();
    expect(take().at(-1)).toEqual(['close', { code: 1012, reason: 'restart' }]);
    expect(stream.readableEnded || stream.readableLength === 0).toBe(true);
    await expect(open(node)).rejects.toThrow('503');
    await node.presence.close();
  });
});
