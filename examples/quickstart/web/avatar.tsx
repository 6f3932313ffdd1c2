import type { CSSProperties, ReactNode } from 'react';
import type { Person } from './api.ts';

const initialsOf = (name: string): string =>
  name
    .split(' ')
    .map((word) => word[0])
    .join('');

interface AvatarProps {
  readonly person: Person;
  readonly size: 'small' | 'medium' | 'large';
  /** What sits at its corner: a dot. */
  readonly children?: ReactNode;
}

export const Avatar = ({ person, size, children }: AvatarProps): ReactNode => (
  <span className={`avatar avatar-${size}`} style={{ '--hue': person.hue } as CSSProperties}>
    <span className="avatar-face" aria-hidden="true">
      {initialsOf(person.name)}
    </span>
    {children}
  </span>
);
