import { Icon } from '@presence/example-shared/web/icon.tsx';
import type { ReactNode } from 'react';

export const DeployIcon = (): ReactNode => <Icon d="M12 19V6M6 11.5L12 5.5l6 6M5 21h14" />;
export const KillIcon = (): ReactNode => <Icon d="M13 3L5 13.5h6L10 21l9-11h-6.5z" />;
export const DrainIcon = (): ReactNode => (
  <Icon d="M14 4H7a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h7M11 12h10M17.5 8.5L21 12l-3.5 3.5" />
);
export const StartIcon = (): ReactNode => <Icon d="M7 4.5v15l12-7.5z" />;
