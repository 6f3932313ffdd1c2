import type { Instant } from '@presence/core';
import type { Epochs } from './epochs.ts';
import { encodeRenewal } from './renewals.ts';
import { atOf } from './replies.ts';
import type { Reply } from './scripts.ts';

/** The earliest: what is judged by it has not ended too soon anywhere. */
export const earliest = (replies: readonly Reply[]): Instant => Math.min(...replies.map(atOf));

/** The store's clock, where nothing else is asked. */
export const instant = async (epochs: Epochs): Promise<Instant> =>
  atOf(await epochs.run('renew', 0, encodeRenewal([], [], null)));

const isOld = (reply: Reply): boolean => reply[2] === 1;

/** Whether nobody wrote a pulse lately, anywhere that was asked. */
export const oldest = (replies: readonly Reply[]): { pulseOld?: boolean } =>
  replies.some(isOld) ? { pulseOld: true } : {};
