import { useMemo } from 'react';
import { useDashboard } from '../dashboard.ts';
import { createOnePast, type OnePast } from '../data/past.ts';

const timeZoneHere = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The past of one user, by the clocks of whoever looks. */
export const useOnePast = (userId: string): OnePast => {
  const { api, onError } = useDashboard();
  return useMemo(() => createOnePast(api, userId, timeZoneHere(), onError), [api, userId, onError]);
};
