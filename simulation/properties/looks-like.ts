import type { Presence } from '@presence/core';
import type { UserPresence } from '@presence/client';

/** Whether a page shows what a read says. A page keeps the version with which something visible changed last. */
export const looksLike = (shown: UserPresence, read: Presence): boolean =>
  shown.status === read.status &&
  shown.since === read.since &&
  shown.lastSeenAt === read.lastSeenAt &&
  shown.message === (read.message ?? null) &&
  shown.devices.join() === (read.devices ?? []).join();
