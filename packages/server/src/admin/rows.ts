import { emptyRecord, isBlocked, PresenceError } from '@presence/core';
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

/**
 * Where the application has a directory, whoever neither it nor presence knows is nobody: a slip of the pen, or a
 * user of another tenant. Without one, anybody may come some day.
 *
 * @throws PresenceError `not_found`
 */
export const checkKnown = async (
  { options }: Pick<Node, 'options'>,
  { key, record }: Reading,
): Promise<void> => {
  const { directory } = options.sources;
  if (!directory || record !== null) return;
  if ((await directory.get(key.tenant, [key.userId])).length > 0) return;
  throw new PresenceError('not_found', 'Neither the directory nor presence knows such a user.');
};
