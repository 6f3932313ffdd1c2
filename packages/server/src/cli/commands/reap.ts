import { differences, settingsText } from '../../other-policy.ts';
import type { Call, Run } from '../call.ts';
import { withStore, type Opened } from '../target/store.ts';
import { reapAll } from '../reap-all.ts';

/** What the servers of this store do otherwise than this command is about to. */
const differencesFrom = async ({ policy, options }: Call, { keptPolicy }: Opened) => {
  const there = await keptPolicy();
  return there === null ? [] : differences(settingsText(policy, options.history === true), there);
};

const remarkDifferences = ({ remark }: Call, settings: readonly string[]): void => {
  if (settings.length === 0) return;
  remark(
    `The servers of this store have other settings (${settings.join('; ')}): pass theirs with --policy and --history, or what is committed here is not what they would have.`,
  );
};

export const run: Run = (call) =>
  withStore(call, async (opened) => {
    const settings = await differencesFrom(call, opened);
    remarkDifferences(call, settings);
    const { reset, isComplete } = await reapAll({
      ...opened,
      clock: call.io.clock,
      waits: call.options['no-wait'] !== true,
      onWait: (ms) =>
        call.remark(
          `No server has looked after this store lately. Whoever was there then has ${ms / 1000} s to come back: waiting. (--no-wait leaves them to the next run.)`,
        ),
    });
    call.tell({ store: call.address.shown, reset, isComplete, differences: settings }, [
      `Reset ${reset} ${reset === 1 ? 'user' : 'users'}: offline now.`,
    ]);
  });
