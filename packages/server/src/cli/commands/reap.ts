import type { Run } from '../call.ts';
import { withStore } from '../target/store.ts';
import { reapAll } from '../reap-all.ts';

export const run: Run = (call) =>
  withStore(call, async (opened) => {
    const { reset, isComplete } = await reapAll({
      ...opened,
      clock: call.io.clock,
      waits: call.options['no-wait'] !== true,
      onWait: (ms) =>
        call.remark(
          `No server has looked after this store lately. Whoever was there then has ${ms / 1000} s to come back: waiting. (--no-wait leaves them to the next run.)`,
        ),
    });
    call.tell({ store: call.address.shown, reset, isComplete }, [
      `Reset ${reset} ${reset === 1 ? 'user' : 'users'}: offline now.`,
    ]);
  });
