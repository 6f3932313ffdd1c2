import type { Key } from '@presence/core';

/** One text per user for maps. Ids hold no control characters, so a line break cannot occur in one. */
export const keyText = ({ tenant, userId }: Key): string => `${tenant}\n${userId}`;
