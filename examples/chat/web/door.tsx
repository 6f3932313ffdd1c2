import { useState, type FormEvent, type ReactNode } from 'react';
import { Lamp } from './lamp.tsx';

interface DoorProps {
  readonly onEnter: (name: string) => Promise<void>;
}

/** A name is enough to come in: this is a demo. */
export const Door = ({ onEnter }: DoorProps): ReactNode => {
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [isWaiting, setWaiting] = useState(false);

  const enter = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setWaiting(true);
    try {
      await onEnter(name);
    } catch (error) {
      setProblem((error as Error).message);
      setWaiting(false);
    }
  };

  return (
    <main className="door">
      <form className="door-card" onSubmit={(event) => void enter(event)}>
        <Lamp size={52} />
        <h1>The light is on</h1>
        <p>
          Porchlight is a small chat where you see who is there, who is in the room and who is
          typing.
        </p>
        <label htmlFor="name">Your name</label>
        <input
          id="name"
          value={name}
          onChange={(event) => setName(event.target.value)}
          placeholder="Ada Moreau"
          maxLength={40}
          autoComplete="off"
          autoFocus
          required
        />
        {problem && (
          <p role="alert" className="problem">
            {problem}
          </p>
        )}
        <button type="submit" className="enter" disabled={isWaiting}>
          Come in
        </button>
        <p className="fine-print">
          No password: everybody is a guest. Open a second window to be somebody else.
        </p>
      </form>
    </main>
  );
};
