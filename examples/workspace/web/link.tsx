import { createLink } from '@presence/example-shared/web/link.tsx';
import { goTo } from './route.ts';

/** A link within the page. */
export const Link = createLink(goTo);
