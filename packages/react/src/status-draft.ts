import type { ClaimableStatus, Instant } from '@presence/core';
import type { MyPresence, StatusOptions } from '@presence/client';
import { ownClaim } from './own-claim.ts';
import { endOfDay } from './relative-time.ts';
import { MINUTE_MS } from './ticker.ts';

/** The longest message and emoji that the server takes, in characters. */
export const MESSAGE_LENGTH = 140;
export const EMOJI_LENGTH = 32;

export type Choice = ClaimableStatus | 'invisible';

/** When the status ends: not by itself, with the day, or after so many minutes. */
export const ENDINGS = ['never', '30', '60', '240', 'today'] as const;

/** Or when it was to end before it was changed. */
export type Ending = (typeof ENDINGS)[number] | 'as-set';

/** What is filled in, before it is saved. */
export interface StatusDraft {
  readonly choice: Choice;
  readonly message: string;
  readonly emoji: string;
  readonly ending: Ending;
}

/** Back to the status that is observed. */
export const NOTHING_SAID: StatusDraft = {
  choice: 'online',
  message: '',
  emoji: '',
  ending: 'never',
};

/** What was set before, with what was filled in since. */
export const draftOf = (me: MyPresence, edits: Partial<StatusDraft>): StatusDraft => {
  const claim = ownClaim(me);
  const claimed = claim && claim.status !== 'offline' ? claim.status : 'online';
  const choice = edits.choice ?? (me.visibility === 'hidden' ? 'invisible' : claimed);
  // What was said of one status is not said of another, unless it is written once more.
  const said = choice === claimed || choice === 'invisible' ? claim : undefined;
  return {
    choice,
    message: said?.message ?? '',
    emoji: said?.emoji ?? '',
    ending: said?.until === undefined ? 'never' : 'as-set',
    ...edits,
  };
};

/** A status alone: with "online", that is no claim at all. */
export const saysNothing = ({ message, emoji, ending }: StatusDraft): boolean =>
  ending === 'never' && !(message + emoji).trim();

const endsAt = (ending: Ending, now: Instant, setUntil: Instant | undefined): Instant | null => {
  if (ending === 'as-set') return setUntil ?? null;
  if (ending === 'today') return endOfDay(now);
  return ending === 'never' ? null : now + Number(ending) * MINUTE_MS;
};

/** What is said with the status. */
export const optionsOf = (
  { message, emoji, ending }: StatusDraft,
  now: Instant,
  setUntil: Instant | undefined,
): StatusOptions => {
  const end = endsAt(ending, now, setUntil);
  return {
    ...(message.trim() && { message: message.trim() }),
    ...(emoji.trim() && { emoji: emoji.trim() }),
    // At least a second: what has just ended is over at once, not refused.
    ...(end !== null && { forMs: Math.max(1000, end - now) }),
  };
};
