import { project, type Command, type Key, type Presence as UserPresence } from '@presence/core';
import type { Node } from '../context.ts';
import type { Executed } from '../engine/types.ts';
import { eraseHistory } from '../history/erase.ts';
import { checkArrival } from '../security/account-source.ts';
import type { TenantPresence } from '../types.ts';

type Commands = Pick<
  TenantPresence,
  'signIn' | 'signOut' | 'touch' | 'claim' | 'release' | 'setVisibility' | 'setAccount' | 'forget'
>;

interface Parts extends Pick<Node, 'engine' | 'history'> {
  readonly options: Pick<Node['options'], 'sources'>;
  keyOf(userId: string): Key;
}

/** What can be done to a user of a tenant; each resolves when it is stored. */
export const createCommands = ({ options, engine, history, keyOf }: Parts): Commands => {
  const run = (userId: string, command: Command): Promise<Executed> =>
    engine.execute(keyOf(userId), command);

  const shown = async (userId: string, command: Command): Promise<UserPresence> =>
    project(
      userId,
      (await run(userId, command)).record,
      'public',
      engine.policyOf(keyOf(userId).tenant).lastSeenPrecision,
    );

  const touch = async (userId: string, issuedAt?: number): Promise<void> => {
    await checkArrival({ options, engine }, keyOf(userId));
    await run(userId, { type: 'touch', issuedAt });
  };

  return {
    signIn: (userId) => touch(userId),
    signOut: async (userId, { sessionId } = {}) =>
      void (await run(userId, { type: 'sign-out', sessionId })),
    touch: ({ userId, issuedAt }) => touch(userId, issuedAt),
    claim: (userId, status, { source = 'user', ...options } = {}) =>
      shown(userId, { type: 'claim', source, status, ...options }),
    release: (userId, { source = 'user' } = {}) => shown(userId, { type: 'release', source }),
    setVisibility: async (userId, visibility) =>
      void (await run(userId, { type: 'visibility', visibility })),
    setAccount: async (userId, account) => void (await run(userId, { type: 'account', account })),
    forget: async (userId) => {
      if (history) await eraseHistory({ engine, history }, keyOf(userId), true);
      else await run(userId, { type: 'forget' });
    },
  };
};
