import { useEffect, useState } from 'react';
import type { StatusForm } from './status-form.tsx';

type Form = typeof StatusForm;

let loaded: Form | null = null;

/**
 * Loads the form of the status picker, which few visitors of a page open. A bundler makes a file of
 * its own of it.
 */
export const loadStatusForm = async (): Promise<Form> =>
  (loaded ??= (await import('./status-form.tsx')).StatusForm);

/** The form once it is wanted and there; `null` till then. @param failed it cannot be had now: asking again may help */
export const useStatusForm = (wanted: boolean, failed: () => void): Form | null => {
  const [form, setForm] = useState(() => loaded);
  useEffect(() => {
    if (wanted) loadStatusForm().then((it) => setForm(() => it), failed);
    // Once for each time that it is wanted.
    // oxlint-disable-next-line react/exhaustive-deps -- what to do about a failure is no reason to ask again
  }, [wanted]);
  return wanted ? form : null;
};
