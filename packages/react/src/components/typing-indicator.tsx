import type { ReactNode } from 'react';
import { useRoom } from '../hooks/use-room.ts';
import { useTexts } from '../presence-context.ts';
import type { PresenceTexts } from '../texts.ts';

export interface TypingIndicatorProps {
  readonly room: string;
  /** What a user is called. Default: the user id. */
  readonly getName?: ((userId: string) => string) | undefined;
  readonly texts?: Partial<PresenceTexts> | undefined;
  readonly className?: string | undefined;
}

/** Who types in a room, in words. It keeps its place while nobody does, and is read out when somebody begins. */
export const TypingIndicator = ({
  room,
  getName = String,
  texts,
  className = '',
}: TypingIndicatorProps): ReactNode => {
  const typing = useRoom(room, (state) => state.typing);
  const { typing: said } = useTexts(texts);
  return (
    <span className={`presence-typing ${className}`.trim()} role="status">
      {typing.length > 0 && said(typing.map(getName))}
    </span>
  );
};
