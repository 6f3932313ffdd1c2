import { isPresenceError } from '@presence/core';
import type { PresenceStore } from '../../stores/store.ts';
import type { Call } from '../call.ts';
import { inOneLine } from '../failures.ts';
import { hideSecrets } from '../secrets.ts';
import { NOBODY } from '../target/nobody.ts';
import { withStore } from '../target/store.ts';
import { lookAtClock } from './clock.ts';
import type { Finding } from './finding.ts';

/** A store in the same building answers in less. */
const SLOW_MS = 100;

/** Which part of the packages an error comes from: of use in a log, not in a sentence. */
const SPEAKER = /^\[presence\/[\w-]+\] /;

const speedFinding = (call: Call, { durability }: PresenceStore, ms: number): Finding => {
  const saw = `${call.address.shown} answers in ${ms} ms, ${durability}`;
  if (ms <= SLOW_MS) return { about: 'store', level: 'ok', saw };
  const advice = 'Each commit waits for it: move the store nearer to your servers.';
  return { about: 'store', level: 'warn', saw, advice };
};

const serversFinding = (isStopped: boolean): Finding =>
  isStopped
    ? {
        about: 'servers',
        level: 'warn',
        saw: 'no server has looked after this store for five seconds',
        advice:
          'Nobody is taken offline meanwhile. If your application runs, it uses another store, prefix or schema.',
      }
    : { about: 'servers', level: 'ok', saw: 'a server looks after this store' };

const look = async (call: Call, store: PresenceStore): Promise<Finding[]> => {
  // The first answer pays for the connection.
  const { pulseOld = false } = await store.load([NOBODY]);
  await store.check?.();
  const from = call.io.clock.now();
  const { at } = await store.load([NOBODY]);
  const to = call.io.clock.now();
  // Whether it takes a write: the pulse, with a page of none.
  await store.due(0, 0);
  return [
    speedFinding(call, store, to - from),
    serversFinding(pulseOld),
    lookAtClock('the store', at - (from + to) / 2),
  ];
};

/** What the store's own error says is what to change. */
export const lookAtStore = async (call: Call): Promise<Finding[]> => {
  try {
    return await withStore(call, ({ store }) => look(call, store));
  } catch (error) {
    if (!isPresenceError(error)) throw error;
    const saw = hideSecrets(inOneLine(error), call.address.given).replace(SPEAKER, '');
    return [{ about: 'store', level: 'fail', saw: `${call.address.shown}: ${saw}` }];
  }
};
