import { Icon } from '@presence/example-shared/web/icon.tsx';
import type { ReactNode } from 'react';

export const WindowIcon = (): ReactNode => (
  <Icon d="M13 4h7v7M20 4l-8.5 8.5M18 14v4a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h4" />
);
export const DashboardIcon = (): ReactNode => <Icon d="M5 20v-7M12 20V4M19 20v-11" />;
export const ClockIcon = (): ReactNode => (
  <Icon d="M12 7v5l3 2M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18" />
);
export const MouseIcon = (): ReactNode => (
  <Icon d="M12 3a6 6 0 0 1 6 6v6a6 6 0 0 1-12 0V9a6 6 0 0 1 6-6M12 7v3" />
);
export const CloseIcon = (): ReactNode => <Icon d="M6 6l12 12M18 6L6 18" />;
export const ServerIcon = (): ReactNode => (
  <Icon d="M5 4h14v6H5zM5 14h14v6H5zM8.5 7h.01M8.5 17h.01" />
);
export const BackIcon = (): ReactNode => <Icon d="M15 5l-7 7 7 7" />;
export const CheckIcon = (): ReactNode => <Icon d="M5 12.5l4.5 4.5L19 7.5" />;
export const LeaveIcon = (): ReactNode => (
  <Icon d="M14 4H7a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h7M11 12h10M17.5 8.5L21 12l-3.5 3.5" />
);
