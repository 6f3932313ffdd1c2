import type { Explanation } from '@presence/core';
import { createFeed } from '../../feed.ts';
import { createTenants } from '../../tenant/tenant.ts';
import type { Run } from '../call.ts';
import { dateAndTimeOf } from '../local-time.ts';
import { SILENT } from '../silent.ts';
import { withStore } from '../target/store.ts';

/** What others saw change lately, the latest last. */
const changesOf = ({ transitions }: Explanation): readonly string[] =>
  transitions.length === 0
    ? []
    : [
        'Last changes:',
        ...transitions.map(
          ({ at, status, cause }) => `  ${dateAndTimeOf(at)}  ${status.padEnd(7)}  (${cause})`,
        ),
      ];

export const run: Run = (call) =>
  withStore(call, async ({ store, engine }) => {
    const tenants = createTenants({
      options: { sources: {} },
      engine,
      feed: createFeed(store, SILENT),
      history: null,
    });
    const explanation = await tenants(call.tenant).explain(call.words[0] ?? '');
    call.tell(explanation, [...explanation.sentences, ...changesOf(explanation)]);
  });
