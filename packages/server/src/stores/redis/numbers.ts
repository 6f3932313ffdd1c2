import type { Epochs } from './epochs.ts';
import { inPieces } from '../shared/pieces.ts';
import { encodeId } from '../shared/ids.ts';
import type { Channel } from './topics.ts';

/** Tells the number of the last message of each channel, as the server has it; 0 for none. */
export type Numbers = (
  channels: Iterable<Channel>,
  to: (channel: Channel, sent: number) => void,
) => Promise<void>;

/** Tenants asked for at once. */
const MOST = 500;

const byPartition = (channels: Iterable<Channel>): Map<number, Channel[]> => {
  const groups = new Map<number, Channel[]>();
  for (const channel of channels) {
    const group = groups.get(channel.partition);
    if (group) group.push(channel);
    else groups.set(channel.partition, [channel]);
  }
  return groups;
};

export const createNumbers =
  (epochs: Epochs): Numbers =>
  async (channels, to) => {
    for (const [partition, group] of byPartition(channels)) {
      for (const asked of inPieces(group, MOST)) {
        const tenants = asked.map(({ topic }) => encodeId(topic.tenant));
        const reply = await epochs.run('probe', partition, tenants);
        asked.forEach((channel, index) => to(channel, Number(reply[2 + index])));
      }
    }
  };
