import type { CSSProperties, ReactNode } from 'react';

const initialsOf = (name: string): string => {
  const words = name.match(/[^\s._-]+/g) ?? [];
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  // By code point: half of a surrogate pair is no letter.
  return ends
    .map((word) => Array.from(word ?? '')[0])
    .join('')
    .toUpperCase();
};

/** The same hue for the same user everywhere. */
const hueOf = (userId: string): number => {
  let hash = 0;
  for (const char of userId) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 360;
  return hash;
};

/** A picture, or initials where there is none. Decorative: the name stands beside it. */
export const Avatar = ({
  userId,
  name,
  src,
}: {
  readonly userId: string;
  readonly name: string;
  readonly src: string | null;
}): ReactNode =>
  src === null ? (
    <span
      className="presence-avatar"
      aria-hidden
      style={{ '--presence-hue': hueOf(userId) } as CSSProperties}
    >
      {initialsOf(name)}
    </span>
  ) : (
    <img className="presence-avatar" src={src} alt="" />
  );
