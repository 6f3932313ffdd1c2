import type { Logger } from '../../types.ts';
import {
  checkClient,
  ignoredSettings,
  looserSettings,
  openConnection,
  type Connection,
  type RedisClient,
} from './client.ts';
import { isWrongDatabase, plain, troubleOf } from './failures.ts';

/** The connections of one store, and what is wrong with them. */
export interface Connections {
  open(forMessages: boolean): Connection;
  /** In a sentence, while the latest one that failed has not become ready; `undefined`: nothing is known. */
  trouble(): string | undefined;
}

/** The number of the database that keys stand in; clusters have one only. */
export const databaseOf = ({ isCluster, options }: RedisClient): number =>
  isCluster ? 0 : ((options as { readonly db?: number }).db ?? 0);

/** A server that answers nothing for so many deadlines is gone, though nobody closed the connection. */
const SILENT_DEADLINES = 3;

/** @throws PresenceError `invalid_options` where it is no client that a store can go by */
export const createConnections = (
  redis: RedisClient,
  logger: Logger,
  deadlineMs: number,
): Connections => {
  checkClient(redis);
  const ignored = ignoredSettings(redis);
  if (ignored.length > 0) {
    logger.warn(
      { ignored },
      '[presence/redis] Settings of the client that the store does not follow.',
    );
  }
  const looser = looserSettings(redis);
  if (looser.length > 0) {
    logger.debug(
      { looser },
      '[presence/redis] Settings of the client that the connections of the store do not have: they queue nothing and send nothing twice.',
    );
  }
  const silenceMs = SILENT_DEADLINES * deadlineMs;
  let trouble: string | undefined;

  const open = (forMessages: boolean): Connection => {
    const onError = (error: Error): void => {
      trouble = troubleOf(error) ?? trouble;
      logger.warn(
        { err: plain(error) },
        `[presence/redis] The connection failed; trying again.${trouble ? ` ${trouble}` : ''}`,
      );
      // It would become ready all the same, and write into another application's database.
      if (isWrongDatabase(error)) connection.disconnect(true);
    };
    const connection = openConnection(redis, { forMessages, silenceMs, onError });
    connection.on('ready', () => {
      trouble = undefined;
    });
    return connection;
  };

  return { open, trouble: () => trouble };
};
