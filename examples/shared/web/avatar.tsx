import type { CSSProperties, ReactNode } from 'react';

const initialsOf = (name: string): string =>
  name
    .split(' ')
    .map((word) => word[0])
    .join('');

/** Who is pictured. */
export interface Pictured {
  readonly name: string;
  /** Of their colour, 0 to 359. */
  readonly hue: number;
}

interface AvatarProps {
  readonly person: Pictured;
  readonly size: 'small' | 'medium' | 'large';
  /** What sits at its corner: a dot. */
  readonly children?: ReactNode;
}

/** Somebody by their initials. */
export const Avatar = ({ person, size, children }: AvatarProps): ReactNode => (
  <span className={`avatar avatar-${size}`} style={{ '--hue': person.hue } as CSSProperties}>
    <span className="avatar-face" aria-hidden="true">
      {initialsOf(person.name)}
    </span>
    {children}
  </span>
);
