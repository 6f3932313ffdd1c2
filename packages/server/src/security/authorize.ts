import type { Authorize } from '../types.ts';

/** Where the application says nothing: everybody of a tenant may see everybody. By name, so that it need not be asked for each user. */
export const ALLOW_ALL: Authorize = () => true;
