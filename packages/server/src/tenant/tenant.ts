import type { Engine } from '../engine/types.ts';
import type { Feed } from '../feed.ts';
import type { TenantPresence } from '../types.ts';
import { createCommands } from './commands.ts';
import { checkId } from './ids.ts';
import { createReads } from './reads.ts';

/** The tenant of applications that have none. */
export const DEFAULT_TENANT = 'default';

/** The tenants an application asked for by name hold nothing; so many are kept. */
const KEPT_TENANTS = 10_000;

const createTenant = (tenant: string, engine: Engine, feed: Feed): TenantPresence => {
  checkId('tenant', tenant);
  const keyOf = (userId: string) => {
    checkId('userId', userId);
    return { tenant, userId };
  };
  return { ...createReads({ tenant, engine, feed, keyOf }), ...createCommands({ engine, keyOf }) };
};

/** The methods of each tenant over one engine. */
export const createTenants = (engine: Engine, feed: Feed): ((id: string) => TenantPresence) => {
  const tenants = new Map<string, TenantPresence>();
  return (id) => {
    const known = tenants.get(id);
    if (known) return known;
    if (tenants.size >= KEPT_TENANTS) tenants.clear();
    const created = createTenant(id, engine, feed);
    tenants.set(id, created);
    return created;
  };
};
