import { useCallback, useSyncExternalStore, type ReactNode } from 'react';
import type { Instant } from '@presence/core';
import type { UserPresence } from '@presence/client';
import { usePresence } from '../hooks/use-presence.ts';
import { usePresenceContext, useTexts } from '../presence-context.ts';
import { ago, dateAndTime, isDay } from '../relative-time.ts';
import { tickerOf } from '../ticker.ts';
import type { PresenceTexts } from '../texts.ts';

export interface LastSeenProps {
  readonly userId: string;
  /** What is shown of somebody who is there. Default `text`: "Active now", or when they were last active. */
  readonly whilePresent?: 'text' | 'nothing' | undefined;
  readonly texts?: Partial<PresenceTexts> | undefined;
  readonly className?: string | undefined;
}

interface Seen {
  /** Which text says it; those that are functions are given how long ago `at` was. */
  readonly text: 'lastSeenUnknown' | 'neverSeen' | 'activeNow' | 'lastActive' | 'lastSeen';
  readonly at: Instant | null;
  /** On the server's clock: where this machine's clock is behind, nothing reads as still to come. */
  readonly asOf: Instant | null;
}

/** Whoever has a version was here; the server may keep to itself when. */
const absent = (lastSeenAt: Instant | null, version: number): Seen['text'] => {
  if (lastSeenAt !== null) return 'lastSeen';
  return version > 0 ? 'lastSeenUnknown' : 'neverSeen';
};

const seenOf = ({ status, lastSeenAt, lastActiveAt, version, asOf }: UserPresence): Seen => {
  if (status === 'unknown') return { text: 'lastSeenUnknown', at: null, asOf };
  if (status === 'offline') {
    return { text: absent(lastSeenAt, version), at: lastSeenAt, asOf };
  }
  const at = status === 'away' ? lastActiveAt : null;
  return { text: at === null ? 'activeNow' : 'lastActive', at, asOf };
};

const wording = ({ text, at, asOf }: Seen, now: Instant, texts: PresenceTexts): string => {
  const said = texts[text];
  return typeof said === 'string'
    ? said
    : said(ago(at ?? now, Math.max(now, asOf ?? 0), texts.locale, texts.justNow));
};

const isThere = ({ text }: Seen): boolean => text === 'activeNow' || text === 'lastActive';

/**
 * When a user was last seen, in words that stay true as time passes. The server, and the browser until
 * it has taken over the server's page, show the text for "unknown": no clock and no time zone can differ.
 */
export const LastSeen = ({
  userId,
  whilePresent = 'text',
  texts,
  className = '',
}: LastSeenProps): ReactNode => {
  const words = useTexts(texts);
  const { clock } = usePresenceContext();
  const seen = usePresence(userId, seenOf);
  // The text is the snapshot: a minute that changes no text renders nothing.
  const read = useCallback(() => wording(seen, clock.now(), words), [seen, clock, words]);
  const onServer = useCallback(() => wording(seen, seen.asOf ?? 0, words), [seen, words]);
  const text = useSyncExternalStore(tickerOf(clock).subscribe, read, onServer);

  if (whilePresent === 'nothing' && isThere(seen)) return null;
  const name = `presence-last-seen ${className}`.trim();
  if (seen.at === null) return <span className={name}>{text}</span>;
  return (
    <time
      className={name}
      dateTime={new Date(seen.at).toISOString().slice(0, isDay(seen.at) ? 10 : undefined)}
      title={dateAndTime(seen.at, words.locale)}
    >
      {text}
    </time>
  );
};
