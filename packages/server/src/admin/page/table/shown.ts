import type { AdminUser } from '@presence/core/protocol';
import type { UserPresence } from '@presence/client';

/** What a row says of a user: the table's answer, or what the socket told since. */
export interface Shown {
  readonly status: UserPresence['status'];
  readonly message: string | null;
  readonly emoji: string | null;
  readonly since: number | null;
  readonly lastSeenAt: number | null;
}

/**
 * The socket tells what others see. That is the truth of whoever is visible, whose two versions are
 * one; of whoever hides it is none.
 */
export const shownOf = (
  { presence, visibility }: AdminUser,
  live: UserPresence | undefined,
): Shown => {
  const isNewer =
    live &&
    visibility === 'visible' &&
    live.status !== 'unknown' &&
    live.version > presence.version;
  if (isNewer) return live;
  const { status, message = null, emoji = null, since, lastSeenAt } = presence;
  return { status, message, emoji, since, lastSeenAt };
};
