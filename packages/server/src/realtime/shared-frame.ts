import { Buffer } from 'node:buffer';
import type { SharedFrame } from './types.ts';

/** FIN and the opcode for text (RFC 6455, 5.2). A server's frames are not masked. */
const TEXT = 0x81;

/** Payloads up to this length have it in the second byte; 126 and 127 announce two and eight more. */
const SHORT = 125;
const MEDIUM = 0xffff;

const headerLength = (payload: number): number =>
  payload <= SHORT ? 2 : payload <= MEDIUM ? 4 : 10;

const writeHeader = (bytes: Buffer, payload: number): void => {
  bytes[0] = TEXT;
  if (payload <= SHORT) {
    bytes[1] = payload;
  } else if (payload <= MEDIUM) {
    bytes[1] = 126;
    bytes.writeUInt16BE(payload, 2);
  } else {
    bytes[1] = 127;
    bytes.writeUInt32BE(Math.floor(payload / 2 ** 32), 2);
    bytes.writeUInt32BE(payload % 2 ** 32, 6);
  }
};

/** Keeps the bytes alone: its text beside them would take as much again while frames wait for readers. */
class TextFrame implements SharedFrame {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get text(): string {
    const announced = this.bytes[1] ?? 0;
    const start = announced <= SHORT ? 2 : announced === 126 ? 4 : 10;
    return this.bytes.toString('utf8', start);
  }
}

/**
 * One complete WebSocket frame. Written as it is to every receiver, it costs one serialisation, one
 * buffer and one write each, where a library would encode the text anew for each receiver.
 */
export const sharedFrame = (text: string): SharedFrame => {
  const payload = Buffer.byteLength(text);
  const offset = headerLength(payload);
  const bytes = Buffer.allocUnsafeSlow(offset + payload);
  writeHeader(bytes, payload);
  // As long in bytes as in characters: all of it is ASCII, and needs no encoding but a copy.
  bytes.write(text, offset, payload === text.length ? 'latin1' : 'utf8');
  return new TextFrame(bytes);
};

/**
 * A frame of many rows of JSON between what stands before and behind them. Joined in one go: put
 * together from pieces, a text of thousands of characters would be copied once more for each.
 */
export const framedRows = (before: string, rows: string[], behind: string): SharedFrame => {
  const last = rows.length - 1;
  if (last < 0) return sharedFrame(before + behind);
  rows[0] = before + rows[0]!;
  rows[last] += behind;
  return sharedFrame(rows.join(','));
};
