import type { Logger } from '../../types.ts';
import type { Connection } from './client.ts';
import type { Deadline } from '../shared/deadline.ts';
import { decodeMessage } from './messages.ts';
import { whenReady } from './scripts.ts';
import { deliver, type Channel } from './topics.ts';

/** The connection on which messages arrive, opened with the first subscription. */
export interface Line {
  /** Resolves when live, within the deadline. */
  subscribe(names: readonly string[]): Promise<void>;
  unsubscribe(names: readonly string[]): Promise<void>;
  /** The next subscription opens another. */
  close(): void;
}

interface LineParts {
  open(): Connection;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly deadline: Deadline;
  readonly logger: Logger;
  /** Channels of slots, as clusters have them. */
  readonly isSharded: boolean;
  /** The connection broke and is back; what was sent meanwhile is lost. */
  onBack(): void;
}

/** Of somebody else's messages, each of so many is told of. */
const TOLD_OF = 1000;

export const createLine = (parts: LineParts): Line => {
  const { channels, deadline, logger, isSharded } = parts;
  let connection: Connection | null = null;
  let foreign = 0;

  const receive = (name: string, text: string): void => {
    const channel = channels.get(name);
    if (!channel) return;
    const message = decodeMessage(text, channel.topic.tenant);
    if (message) {
      deliver(channel, message);
      return;
    }
    foreign += 1;
    if (foreign % TOLD_OF !== 1) return;
    logger.warn(
      { channel: name, dropped: foreign },
      '[presence/redis] Somebody else sends on a channel of this store; dropped.',
    );
  };

  const open = (): Connection => {
    const opened = parts.open();
    let wasReady = false;
    opened.on(isSharded ? 'smessage' : 'message', (name: string, text: string) => {
      if (opened === connection) receive(name, text);
    });
    opened.on('ready', () => {
      if (wasReady && opened === connection) parts.onBack();
      wasReady = true;
    });
    return opened;
  };

  const subscribeOn = async (line: Connection, names: readonly string[]): Promise<void> => {
    await whenReady(line);
    // One by one: on a cluster each channel belongs to a slot of its own.
    if (isSharded) await Promise.all(names.map((name) => line.ssubscribe(name)));
    else if (names.length > 0) await line.subscribe(...names);
  };

  /** On the line that there is; where another takes its place meanwhile, on that. */
  const subscribe = async (names: readonly string[]): Promise<void> => {
    const line = (connection ??= open());
    try {
      await subscribeOn(line, names);
    } catch (error) {
      if (connection === null || connection === line) throw error;
      await subscribe(names);
    }
  };

  return {
    subscribe: (names) => deadline(subscribe(names)),
    unsubscribe: async (names) => {
      const line = connection;
      if (line?.status !== 'ready') return;
      if (isSharded) await Promise.all(names.map((name) => line.sunsubscribe(name)));
      else await line.unsubscribe(...names);
    },
    close: () => {
      connection?.disconnect();
      connection = null;
    },
  };
};
