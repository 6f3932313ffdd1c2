import type { ReactNode } from 'react';
import { Icon } from '@presence/example-shared/web/icon.tsx';

export const LeaveIcon = (): ReactNode => <Icon d="M9 4H5v16h4M15 8l4 4-4 4M19 12H9" />;
export const DirectoryIcon = (): ReactNode => (
  <Icon d="M4 20c0-3.3 2.2-5 5-5s5 1.7 5 5M9 12a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM16 6h4M16 10.5h4M17 15h3" />
);
export const ProjectIcon = (): ReactNode => <Icon d="M5 4h4v16H5zM11 4h4v10h-4zM17 4h2.5v6H17z" />;
export const SearchIcon = (): ReactNode => (
  <Icon d="M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM20 20l-4-4" />
);
export const BackIcon = (): ReactNode => <Icon d="m15 5-7 7 7 7" />;
export const PlusIcon = (): ReactNode => <Icon d="M12 5v14M5 12h14" />;
export const HashIcon = (): ReactNode => <Icon d="M5 9h14M4 15h14M10 4 8 20M16 4l-2 16" />;
