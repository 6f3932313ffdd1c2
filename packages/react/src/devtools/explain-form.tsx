import { useId, useState, type FormEvent, type ReactNode } from 'react';
import type { Explained } from './explainer.ts';
import type { Recording } from './recording.ts';
import * as styles from './styles.ts';

/** Asks why somebody is what they are. */
export const ExplainForm = ({ explain }: Pick<Recording, 'explain'>): ReactNode => {
  const id = useId();
  const [userId, setUserId] = useState('');
  const [answer, setAnswer] = useState<Explained | null>(null);
  const ask = (event: FormEvent): void => {
    event.preventDefault();
    setAnswer(null);
    if (userId !== '') void explain(userId).then(setAnswer);
  };
  return (
    <form onSubmit={ask}>
      <div style={styles.row}>
        <label htmlFor={id}>User id</label>
        <input
          id={id}
          style={styles.input}
          value={userId}
          onChange={({ target }) => setUserId(target.value)}
        />
        <button type="submit" style={styles.button}>
          Explain
        </button>
      </div>
      <div role="status">
        {answer?.refused && <p>{answer.refused}</p>}
        {answer?.sentences && (
          <ul>
            {answer.sentences.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        )}
      </div>
    </form>
  );
};
