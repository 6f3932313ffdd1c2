import { TypingIndicator, useTyping } from '@presence/react';
import {
  useEffect,
  useRef,
  useState,
  type FormEvent,
  type KeyboardEvent,
  type ReactNode,
} from 'react';

interface ComposerProps {
  /** Its id, which is that of a room of presence too. */
  readonly room: string;
  readonly getName: (userId: string) => string;
  readonly onSend: (text: string) => Promise<void>;
}

/** Whether Enter sends: not with Shift, which begins a line, nor where it picks a letter of an input method. */
const isSending = ({ key, shiftKey, nativeEvent }: KeyboardEvent): boolean =>
  key === 'Enter' && !shiftKey && !nativeEvent.isComposing;

/** Who writes is shown as typing, until they send, clear the field or leave it, or nothing more is heard of them. */
export const Composer = ({ room, getName, onSend }: ComposerProps): ReactNode => {
  const { startTyping, stopTyping } = useTyping(room);
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);

  // Ready to be written in; where there is a keyboard on the screen, it would come up over what was said.
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) field.current?.focus();
  }, []);

  const write = (next: string): void => {
    setText(next);
    if (next.trim() === '') stopTyping();
    else startTyping();
  };

  const send = async (event: FormEvent | KeyboardEvent): Promise<void> => {
    event.preventDefault();
    if (text.trim() === '') return;
    setText('');
    stopTyping();
    field.current?.focus();
    try {
      await onSend(text);
      setProblem(null);
    } catch (error) {
      // Nothing that was written is lost, nor what was written since.
      setText((since) => [text, since].filter(Boolean).join('\n'));
      setProblem((error as Error).message);
    }
  };

  return (
    <footer className="talk-foot">
      <div className="typing" data-testid="typing">
        <TypingIndicator room={room} getName={getName} />
      </div>
      {problem && (
        <p role="alert" className="not-sent">
          Not sent. {problem}
        </p>
      )}
      <form className="composer" onSubmit={(event) => void send(event)}>
        <textarea
          ref={field}
          aria-label={`Message to ${room}`}
          rows={1}
          value={text}
          onChange={(event) => write(event.target.value)}
          onKeyDown={(event) => isSending(event) && void send(event)}
          onBlur={stopTyping}
          placeholder={`Message #${room}`}
          maxLength={1000}
        />
        <button type="submit" className="send" disabled={text.trim() === ''}>
          Send
        </button>
      </form>
    </footer>
  );
};
