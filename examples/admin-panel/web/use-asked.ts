import { useCallback, useEffect, useMemo, useRef, useState } from 'react';

/** What the server answered last, and what went wrong since. */
export interface Told<Answer> {
  /** `null`: nothing yet. */
  readonly answer: Answer | null;
  /** `null`: the last answer is the latest. */
  readonly problem: Error | null;
  /** Asks now. */
  readonly again: () => void;
}

/**
 * Asks at once, whenever `ask` becomes another function or `signal` another value, and each `everyMs`. A hidden page asks
 * when it is shown again.
 */
export const useAsked = <Answer>(
  ask: (signal: AbortSignal) => Promise<Answer>,
  everyMs: number,
  signal?: unknown,
): Told<Answer> => {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [problem, setProblem] = useState<Error | null>(null);
  const [turn, setTurn] = useState(0);
  const again = useCallback(() => setTurn((before) => before + 1), []);
  const asked = useRef(ask);
  /** Another one, whenever it has to be asked. */
  const question = useMemo(() => ({ ask, turn, signal }), [ask, turn, signal]);

  useEffect(() => {
    const abort = new AbortController();
    // The answer to another question is none.
    if (asked.current !== question.ask) setAnswer(null);
    asked.current = question.ask;
    const load = async (): Promise<void> => {
      try {
        const given = await question.ask(abort.signal);
        if (abort.signal.aborted) return;
        setAnswer(given);
        setProblem(null);
      } catch (error) {
        if (!abort.signal.aborted) setProblem(error as Error);
      }
    };
    void load();
    return () => abort.abort();
  }, [question]);

  useEffect(() => {
    const wake = (): void => {
      if (!document.hidden) again();
    };
    const timer = setInterval(wake, everyMs);
    document.addEventListener('visibilitychange', wake);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', wake);
    };
  }, [again, everyMs]);

  return { answer, problem, again };
};
