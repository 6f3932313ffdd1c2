import type { PresenceStore } from '../store.ts';
import type { Connection } from './client.ts';
import type { Deadline } from '../shared/deadline.ts';
import { unavailable } from './failures.ts';
import { encodeSignal } from './messages.ts';
import type { Partitions } from './partitions.ts';
import { whenReady } from './scripts.ts';

interface SignalParts {
  readonly connection: Connection;
  readonly partitions: Partitions;
  readonly deadline: Deadline;
  readonly isSharded: boolean;
}

/** Sends a message that nobody keeps, on the channel of the tenant's first partition. */
export const createSignal = ({
  connection,
  partitions,
  deadline,
  isSharded,
}: SignalParts): PresenceStore['signal'] => {
  const send = async (tenant: string, message: unknown): Promise<void> => {
    const channel = partitions.channel(partitions.ofTenant(tenant)[0]!, tenant);
    const text = encodeSignal(message);
    await whenReady(connection);
    await (isSharded ? connection.spublish(channel, text) : connection.publish(channel, text));
  };
  return async (tenant, message) => {
    try {
      await deadline(send(tenant, message));
    } catch (error) {
      throw unavailable(error);
    }
  };
};
