import type { Node } from '../context.ts';
import type { TenantPresence } from '../types.ts';
import { createCommands } from './commands.ts';
import { createTenantHistory } from './history.ts';
import { checkId } from './ids.ts';
import { createReads } from './reads.ts';

/** The tenant of applications that have none. */
export const DEFAULT_TENANT = 'default';

/** The tenants an application asked for by name hold nothing; so many are kept. */
const KEPT_TENANTS = 10_000;

interface Parts extends Pick<Node, 'engine' | 'feed' | 'history'> {
  readonly options: Pick<Node['options'], 'sources'>;
}

const createTenant = (
  tenant: string,
  { options, engine, feed, history }: Parts,
): TenantPresence => {
  checkId('tenant', tenant);
  const keyOf = (userId: string) => {
    checkId('userId', userId);
    return { tenant, userId };
  };
  return {
    ...createReads({ tenant, engine, feed, keyOf }),
    ...createCommands({ options, engine, history, keyOf }),
    history: createTenantHistory({ tenant, engine, history, keyOf }),
  };
};

/** The methods of each tenant over one engine. */
export const createTenants = (parts: Parts): ((id: string) => TenantPresence) => {
  const tenants = new Map<string, TenantPresence>();
  return (id) => {
    const known = tenants.get(id);
    if (known) return known;
    if (tenants.size >= KEPT_TENANTS) tenants.clear();
    const created = createTenant(id, parts);
    tenants.set(id, created);
    return created;
  };
};
