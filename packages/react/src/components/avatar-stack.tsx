import { memo, type ReactNode } from 'react';
import { usePresence } from '../hooks/use-presence.ts';
import { useTexts } from '../presence-context.ts';
import type { PresenceTexts } from '../texts.ts';
import { Avatar } from './avatar.tsx';
import { PresenceDot } from './presence-dot.tsx';

export interface AvatarStackProps {
  /** In the order in which they are to stand. */
  readonly userIds: readonly string[];
  /** Names come from the application. Default: the id. Keep it the same function between renders. */
  readonly getName?: ((userId: string) => string) | undefined;
  /** Address of a picture; `null` for initials, which is the default. */
  readonly getAvatar?: ((userId: string) => string | null) | undefined;
  /** How many are shown; the rest is a number. Default 5. */
  readonly limit?: number | undefined;
  readonly texts?: Partial<PresenceTexts> | undefined;
  readonly className?: string | undefined;
}

/** Some people as overlapping pictures, each with a dot. Only those who are shown are watched. */
export const AvatarStack = ({
  userIds,
  getName = String,
  getAvatar,
  limit = 5,
  texts,
  className = '',
}: AvatarStackProps): ReactNode => {
  const words = useTexts(texts);
  const shown = userIds.slice(0, limit);
  const rest = userIds.length - shown.length;
  return (
    // Said once more, because Safari takes a list without bullets for no list.
    <ul className={`presence-stack ${className}`.trim()} role="list">
      {shown.map((userId) => (
        <Face
          key={userId}
          userId={userId}
          name={getName(userId)}
          src={getAvatar?.(userId) ?? null}
          words={words.status}
        />
      ))}
      {rest > 0 && (
        <li className="presence-stack__rest" title={words.more(rest)}>
          <span aria-hidden>+{rest}</span>
          <span className="presence-sr-only">{words.more(rest)}</span>
        </li>
      )}
    </ul>
  );
};

interface FaceProps {
  readonly userId: string;
  readonly name: string;
  readonly src: string | null;
  readonly words: PresenceTexts['status'];
}

const Face = /* @__PURE__ */ memo(({ userId, name, src, words }: FaceProps): ReactNode => {
  const status = usePresence(userId, (presence) => presence.status);
  return (
    <li className="presence-stack__user" title={name} data-status={status}>
      <Avatar userId={userId} name={name} src={src} />
      <span className="presence-sr-only">{name}</span>
      <PresenceDot status={status} size={11} rim label={words[status]} />
    </li>
  );
});
