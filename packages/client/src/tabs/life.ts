import type { TabContext } from './context.ts';

/** Each tab that follows holds a lock of its own for as long as it lives, so that its leader learns of its end even if it crashed. */
export const lifeOf = ({ shared }: TabContext, tab: string): string => `${shared} ${tab}`;
