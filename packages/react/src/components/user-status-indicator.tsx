import type { ReactNode } from 'react';
import type { UserPresence } from '@presence/client';
import { usePresence } from '../hooks/use-presence.ts';
import { useTexts } from '../presence-context.ts';
import type { PresenceTexts } from '../texts.ts';
import { PresenceDot } from './presence-dot.tsx';

export interface UserStatusIndicatorProps {
  readonly userId: string;
  /** Size of the dot in pixels; the text keeps the size of the text around it. Default 10. */
  readonly size?: number | undefined;
  /** Shows the status in words, and the user's message and emoji, beside the dot. Default false. */
  readonly showText?: boolean | undefined;
  /** For a dot on a picture; see `PresenceDot`. */
  readonly rim?: boolean | undefined;
  readonly texts?: Partial<PresenceTexts> | undefined;
  readonly className?: string | undefined;
}

const shownParts = ({ status, message, emoji }: UserPresence) => ({ status, message, emoji });

/** One user's status, live. */
export const UserStatusIndicator = ({
  userId,
  size,
  showText = false,
  rim,
  texts,
  className = '',
}: UserStatusIndicatorProps): ReactNode => {
  const { status, message, emoji } = usePresence(userId, shownParts);
  const words = useTexts(texts).status[status];
  const note = [emoji, message].filter(Boolean).join(' ');
  if (!showText) {
    const label = note ? `${words}, ${note}` : words;
    return <PresenceDot {...{ status, size, rim, label, className }} />;
  }
  return (
    <span className={`presence-indicator ${className}`.trim()} data-status={status}>
      <PresenceDot {...{ status, size, rim }} label={null} />
      <span className="presence-indicator__status">{words}</span>
      {note && (
        <span className="presence-indicator__note" title={note}>
          {note}
        </span>
      )}
    </span>
  );
};
