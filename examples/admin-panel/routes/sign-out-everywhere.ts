import type { Context } from './context.ts';

/** Every token, every session and every socket of a user, on all servers. */
export const signOutEverywhere = async (
  { tokens, presence }: Pick<Context, 'tokens' | 'presence'>,
  userId: string,
): Promise<void> => {
  await tokens.revokeAll(userId);
  await presence.signOut(userId);
};
