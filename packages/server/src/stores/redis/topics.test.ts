import { describe, expect, it } from 'vitest';
import { beginAt, compare, createTopic, type Channel } from './topics.ts';

const channelAt = (number: number): Channel => {
  const [channel] = createTopic('acme', [{ name: 'c:acme', partition: 0 }]).channels;
  if (!channel) throw new Error('A topic has a channel for each place.');
  beginAt(channel, number);
  return channel;
};

describe('a probe of what the server sent last', () => {
  it('finds nothing missing where a message arrived while the server was asked', () => {
    const channel = channelAt(10);
    const asked = channel.last;
    channel.last = 11; // Over the other connection, before the answer "10".
    expect(compare(channel, 10, asked)).toBe(false);
    expect(channel.last).toBe(11);
  });

  it('finds that the server lost its data: it says less than had arrived before it was asked', () => {
    const channel = channelAt(10);
    expect(compare(channel, 3, channel.last)).toBe(true);
  });

  it('finds what was sent before the last probe and has not arrived by now', () => {
    const channel = channelAt(10);
    expect(compare(channel, 12, channel.last)).toBe(false);
    expect(compare(channel, 12, channel.last)).toBe(true);
  });
});
