import { NOT_IDLE, type IdleState } from '@presence/client';
import { useTold, type Told } from './use-told.ts';

const IDLE: Told<IdleState> = {
  event: 'idle',
  read: (client) => client.getIdle(),
  onServer: NOT_IDLE,
};

/** Whether there was input lately in any tab of this browser, by the policy's `awayAfterMs`. */
export const useIdle = (): IdleState => useTold(IDLE);
