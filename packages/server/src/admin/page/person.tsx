import type { AdminUser } from '@presence/core/protocol';
import type { CSSProperties, ReactNode } from 'react';

export const nameOf = ({ userId, profile }: AdminUser): string => profile?.name ?? userId;

const initialsOf = (name: string): string => {
  const words = name.split(/[\s._-]+/).filter((word) => word !== '');
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  const letters = ends.map((word) => /^./u.exec(word ?? '')?.[0]).join('');
  return letters === '' ? '?' : letters.toUpperCase();
};

const GOLDEN_ANGLE = 137.508;

/** The same for a user each time: a number of their id, 0 to 359. */
const hueOf = (userId: string): number => {
  let sum = 7;
  for (const char of userId) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 1_000_003;
  // Ids that differ in their last digit only are neighbours in a list: a golden angle apart.
  return Math.round(sum * GOLDEN_ANGLE) % 360;
};

/** Somebody by their picture, or their initials. */
export const Avatar = ({
  user,
  size = 30,
  children,
}: {
  readonly user: AdminUser;
  readonly size?: number;
  readonly children?: ReactNode;
}): ReactNode => {
  const { avatarUrl } = user.profile ?? {};
  const style = { '--size': `${size}px`, '--hue': hueOf(user.userId) } as CSSProperties;
  return (
    <span className="avatar" style={style}>
      {avatarUrl === undefined ? (
        <span className="avatar-face" aria-hidden="true">
          {initialsOf(nameOf(user))}
        </span>
      ) : (
        <img
          className="avatar-face"
          src={avatarUrl}
          alt=""
          loading="lazy"
          referrerPolicy="no-referrer"
        />
      )}
      {children}
    </span>
  );
};
