import { project, type Status } from '@presence/core';
import type { StoreChange } from '../../stores/store.ts';
import type { Call, Run } from '../call.ts';
import { timeOf } from '../local-time.ts';
import { withStore } from '../target/store.ts';

/** As an admin sees it: what is true, and beside it what others are shown where that differs. */
const shownAs = (own: Status, others: Status): string =>
  own === others ? own : `${own}, others see ${others}`;

const tellChange = (call: Call, { key, record, steps, at: told }: StoreChange): void => {
  const [own, others] = [
    project(key.userId, record, 'true'),
    project(key.userId, record, 'public'),
  ];
  const cause = steps.at(-1)?.cause ?? null;
  call.tell({ at: told, tenant: key.tenant, presence: own, publicStatus: others.status, cause }, [
    [
      timeOf(told),
      key.userId,
      shownAs(own.status, others.status),
      own.message === undefined ? '' : `“${own.message}”`,
      cause === null ? '' : `(${cause})`,
    ]
      .filter(Boolean)
      .join('  '),
  ]);
};

export const run: Run = (call) =>
  withStore(call, async ({ store }) => {
    const stopped = new Promise<void>((resolve) => call.io.onStop(resolve));
    const unsubscribe = await store.subscribe([call.tenant], {
      change: (change) => tellChange(call, change),
      signal: () => undefined,
      gap: () => call.remark('Some changes were missed while the store was away.'),
    });
    call.remark(`Watching tenant ${call.tenant} of ${call.address.shown}. Ctrl+C ends it.`);
    await stopped;
    await unsubscribe();
  });
