import { Icon } from '@presence/example-shared/web/icon.tsx';
import type { ReactNode } from 'react';

export const CloseIcon = (): ReactNode => <Icon d="M6 6l12 12M18 6L6 18" />;
export const LeaveIcon = (): ReactNode => (
  <Icon d="M14 4H7a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h7M11 12h10M17.5 8.5L21 12l-3.5 3.5" />
);
export const SearchIcon = (): ReactNode => (
  <Icon d="M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13M15.5 15.5L20 20" />
);
export const LockIcon = (): ReactNode => <Icon d="M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3" />;
