import type { CSSProperties, ReactNode } from 'react';

interface CrestProps {
  readonly name: string;
  readonly hue: number;
  readonly size?: 'small' | 'large';
}

/** An organisation by its initial, in its colour. */
export const Crest = ({ name, hue, size = 'small' }: CrestProps): ReactNode => (
  <span className={`crest crest-${size}`} style={{ '--hue': hue } as CSSProperties} aria-hidden>
    {name[0]}
  </span>
);
