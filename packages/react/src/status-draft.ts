import { isPresenceError, type ClaimableStatus, type Instant } from '@presence/core';
import type { MyPresence, StatusOptions } from '@presence/client';
import { endOfDay } from './relative-time.ts';
import { MINUTE_MS } from './ticker.ts';
import type { PresenceTexts } from './texts.ts';

/** The longest message and emoji that the server takes, in characters. */
export const MESSAGE_LENGTH = 140;
export const EMOJI_LENGTH = 32;

export type Choice = ClaimableStatus | 'invisible';

/** When the status ends: not by itself, when it did already, with the day, or after so many minutes. */
export type Ending = 'never' | 'as-set' | 'today' | '30' | '60' | '240';

export const TIMED_ENDINGS = ['30', '60', '240', 'today'] as const satisfies readonly Ending[];

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

type OwnClaim = MyPresence['claims'][number];

/** The status that the user set by hand, if they did. */
export const ownClaim = ({ claims }: MyPresence): OwnClaim | undefined =>
  claims.find(({ source }) => source === 'user');

export const draftOf = (me: MyPresence): StatusDraft => {
  const claim = ownClaim(me);
  const claimed = claim && claim.status !== 'offline' ? claim.status : 'online';
  return {
    choice: me.visibility === 'hidden' ? 'invisible' : claimed,
    message: claim?.message ?? '',
    emoji: claim?.emoji ?? '',
    ending: claim?.until === undefined ? 'never' : 'as-set',
  };
};

const endsAt = (ending: Ending, now: Instant, setUntil: Instant | undefined): Instant | null => {
  if (ending === 'as-set') return setUntil ?? null;
  if (ending === 'today') return endOfDay(now);
  return ending === 'never' ? null : now + Number(ending) * MINUTE_MS;
};

/** What to ask of the client. */
export type StatusRequest =
  | { readonly type: 'hide' }
  | { readonly type: 'clear' }
  | { readonly type: 'set'; readonly status: ClaimableStatus; readonly options: StatusOptions };

/** "Online" with nothing said is no claim: it would hold somebody online who has long walked away. */
export const requestOf = (
  { choice, message, emoji, ending }: StatusDraft,
  now: Instant,
  setUntil: Instant | undefined,
): StatusRequest => {
  if (choice === 'invisible') return { type: 'hide' };
  const end = endsAt(ending, now, setUntil);
  const options: StatusOptions = {
    ...(message.trim() && { message: message.trim() }),
    ...(emoji.trim() && { emoji: emoji.trim() }),
    // At least a second: what has just ended is over at once, not refused.
    ...(end !== null && { forMs: Math.max(1000, end - now) }),
  };
  const plain = choice === 'online' && Object.keys(options).length === 0;
  return plain ? { type: 'clear' } : { type: 'set', status: choice, options };
};

export const endingText = (ending: Ending, texts: PresenceTexts): string => {
  if (ending === 'never') return texts.never;
  if (ending === 'today') return texts.today;
  const minutes = Number(ending);
  return minutes < 60 ? texts.minutes(minutes) : texts.hours(minutes / 60);
};

export const refusalText = (error: unknown, texts: PresenceTexts): string =>
  isPresenceError(error) && error.code === 'forbidden' ? texts.notAllowed : texts.saveFailed;
