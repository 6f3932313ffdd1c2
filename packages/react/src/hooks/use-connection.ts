import { NOT_STARTED, type ConnectionState } from '@presence/client';
import { useTold, type Told } from './use-told.ts';

const CONNECTION: Told<ConnectionState> = {
  event: 'connection',
  read: (client) => client.getConnection(),
  onServer: NOT_STARTED,
};

/** Whether presence is connected, by what, and if not, why. For a "reconnecting" banner. */
export const useConnection = (): ConnectionState => useTold(CONNECTION);
