import type { Key } from '@presence/core';
import { DEFAULT_TENANT } from '../../tenant/tenant.ts';

/** Nobody has this id: reading it tells of the store alone. */
export const NOBODY: Key = Object.freeze({ tenant: DEFAULT_TENANT, userId: ' cli' });
