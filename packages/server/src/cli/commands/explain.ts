import { createFeed } from '../../feed.ts';
import { createTenants } from '../../tenant/tenant.ts';
import type { Run } from '../call.ts';
import { SILENT } from '../silent.ts';
import { withStore } from '../target/store.ts';

export const run: Run = (call) =>
  withStore(call, async ({ store, engine }) => {
    const tenants = createTenants({
      options: { sources: {} },
      engine,
      feed: createFeed(store, SILENT),
      history: null,
    });
    const explanation = await tenants(call.tenant).explain(call.words[0] ?? '');
    call.tell(explanation, explanation.sentences);
  });
