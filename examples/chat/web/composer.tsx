import { useTyping } from '@presence/react';
import { useState, type FormEvent, type ReactNode } from 'react';
import type { Room } from './api.ts';

interface ComposerProps {
  readonly room: Room;
  readonly onSend: (text: string) => Promise<void>;
}

/** Who writes is shown as typing, until they send, clear the line, or nothing more is heard of them. */
export const Composer = ({ room, onSend }: ComposerProps): ReactNode => {
  const { startTyping, stopTyping } = useTyping(room.id);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);

  const write = (next: string): void => {
    setText(next);
    if (next.trim() === '') stopTyping();
    else startTyping();
  };

  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (text.trim() === '') return;
    setText('');
    stopTyping();
    try {
      await onSend(text);
      setProblem(null);
    } catch (error) {
      // Nothing that was written is lost.
      setText(text);
      setProblem((error as Error).message);
    }
  };

  return (
    <form className="composer" onSubmit={(event) => void send(event)}>
      {problem && (
        <p role="alert" className="problem">
          {problem}
        </p>
      )}
      <label className="presence-sr-only" htmlFor="text">
        Message to {room.name}
      </label>
      <input
        id="text"
        value={text}
        onChange={(event) => write(event.target.value)}
        onBlur={stopTyping}
        placeholder={`Message #${room.name}`}
        maxLength={1000}
        autoComplete="off"
      />
      <button type="submit" className="send" disabled={text.trim() === ''}>
        Send
      </button>
    </form>
  );
};
