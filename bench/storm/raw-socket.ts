// A WebSocket client that costs next to nothing, so that one core plays thousands of users and the server is what is
// measured. Every frame arrives whole, as bytes.
import { randomFillSync } from 'node:crypto';
import { connect, type Socket } from 'node:net';

export interface RawSocket {
  send(text: string): void;
  /** Every byte that came since the handshake. */
  readonly bytes: number;
  readonly frames: number;
}

export interface Heard {
  /** The payload's bytes from `start` to `end`; they are another frame's after the call. */
  frame(bytes: Uint8Array, start: number, end: number): void;
  closed(why: string): void;
}

/** One for all sockets: what was read is dealt with before the next socket is read. */
const READ_INTO = Buffer.allocUnsafe(256 * 1024);

const END = Buffer.from('\r\n\r\n');
const KEY = randomFillSync(Buffer.alloc(16)).toString('base64');

const maskedFrame = (text: string): Buffer => {
  const length = Buffer.byteLength(text);
  const header = length < 126 ? 6 : 8;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = 0x81;
  frame[1] = 0x80 | (length < 126 ? length : 126);
  if (length >= 126) frame.writeUInt16BE(length, 2);
  const mask = frame.subarray(header - 4, header);
  mask.writeUInt32LE(Math.floor(Math.random() * 2 ** 32));
  frame.write(text, header);
  for (let index = 0; index < length; index += 1) frame[header + index]! ^= mask[index & 3]!;
  return frame;
};

/** A mask of zeros: the payload as it is. */
const pong = (payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x8a, 0x80 | payload.length, 0, 0, 0, 0]), payload]);

interface Reading {
  write(bytes: Buffer): void;
  bytes: number;
  frames: number;
  /** What came of a frame, or of the handshake, that is not whole yet. */
  rest: Buffer | null;
  isOpen: boolean;
}

/** The place behind the last whole frame. */
const eachFrame = (data: Buffer, from: number, reading: Reading, heard: Heard): number => {
  let at = from;
  while (data.length - at >= 2) {
    let length = data[at + 1]! & 0x7f;
    let start = at + 2;
    if (length === 126) {
      if (data.length - at < 4) return at;
      length = data.readUInt16BE(start);
      start += 2;
    } else if (length === 127) {
      if (data.length - at < 10) return at;
      length = data.readUInt32BE(start + 4);
      start += 8;
    }
    if (data.length - start < length) return at;
    const opcode = data[at]! & 0x0f;
    reading.frames += 1;
    at = start + length;
    if (opcode === 1) heard.frame(data, start, at);
    else if (opcode === 8) heard.closed(`${data.readUInt16BE(start)}`);
    else if (opcode === 9) reading.write(pong(data.subarray(start, at)));
  }
  return at;
};

/** Resolves when the handshake is over. */
export const openRaw = (port: number, path: string, heard: Heard): Promise<RawSocket> =>
  new Promise((resolve, reject) => {
    const write = (bytes: Buffer): void => void socket.write(bytes);
    const reading: Reading = { write, bytes: 0, frames: 0, rest: null, isOpen: false };
    const opened: RawSocket = {
      send: (text) => write(maskedFrame(text)),
      get bytes() {
        return reading.bytes;
      },
      get frames() {
        return reading.frames;
      },
    };

    const afterHandshake = (data: Buffer): number => {
      const end = data.indexOf(END);
      if (end < 0) return 0;
      if (!data.subarray(0, 12).equals(ACCEPTED)) {
        reject(new Error(data.toString('latin1', 0, end)));
        socket.destroy();
        return data.length;
      }
      reading.isOpen = true;
      resolve(opened);
      return end + END.length;
    };

    const take = (count: number, into: Uint8Array): boolean => {
      const fresh = into.subarray(0, count) as Buffer;
      const data = reading.rest ? Buffer.concat([reading.rest, fresh]) : fresh;
      if (reading.isOpen) reading.bytes += count;
      const start = reading.isOpen ? 0 : afterHandshake(data);
      const end = reading.isOpen ? eachFrame(data, start, reading, heard) : start;
      reading.rest = end < data.length ? Buffer.from(data.subarray(end)) : null;
      return true;
    };

    const socket: Socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: { buffer: READ_INTO, callback: take },
    });
    socket.on('error', (error) => reject(error));
    socket.on('close', () => heard.closed('gone'));
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n\r\n`,
    );
  });

const ACCEPTED = Buffer.from('HTTP/1.1 101');
