import { emptyRecord, isBlocked } from '@presence/core';
import type { AdminUser, Profile } from '@presence/core/protocol';
import type { Node } from '../context.ts';
import type { Reading } from '../engine/types.ts';
import { meOf } from '../me.ts';
import type { DirectoryUser } from './types.ts';

const profileOf = ({ name, email, avatarUrl }: DirectoryUser): Profile => ({
  ...(name !== undefined && { name }),
  ...(email !== undefined && { email }),
  ...(avatarUrl !== undefined && { avatarUrl }),
});

/** A user as admins see them. */
export const adminUser = ({ key, record }: Reading, user?: DirectoryUser): AdminUser => {
  const { sessions, revision, account, public: shown } = record ?? emptyRecord(key.userId);
  return {
    userId: key.userId,
    ...meOf(key.userId, record),
    // A block holds whoever says so: the application's own data may know of one that nobody met yet.
    ...(user?.account !== undefined && !isBlocked(account) && { account: user.account }),
    publicStatus: shown.status,
    sessions: sessions.length,
    revision,
    ...(user && { profile: profileOf(user) }),
  };
};

/** The same for many, each with what the application's directory knows of them. */
export const adminUsers = async (
  { options }: Pick<Node, 'options'>,
  tenant: string,
  readings: readonly Reading[],
): Promise<readonly AdminUser[]> => {
  const { directory } = options.sources;
  const known = new Map<string, DirectoryUser>();
  if (directory && readings.length > 0) {
    const userIds = readings.map(({ key }) => key.userId);
    for (const user of await directory.get(tenant, userIds)) known.set(user.userId, user);
  }
  return readings.map((reading) => adminUser(reading, known.get(reading.key.userId)));
};
