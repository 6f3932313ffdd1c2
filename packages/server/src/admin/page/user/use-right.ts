import type { AdminRight } from '@presence/core/protocol';
import { useDashboard } from '../dashboard.ts';

/** Whether the viewer may do something; each route asks again. */
export const useMay = (): ((right: AdminRight) => boolean) => {
  const { may } = useDashboard().config;
  return (right) => may[right];
};
