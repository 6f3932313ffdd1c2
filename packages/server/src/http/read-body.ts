import type { Readable } from 'node:stream';
import { PresenceError } from '@presence/core';
import type { Soon } from '../soon.ts';

export const tooLarge = (maxBytes: number): PresenceError =>
  new PresenceError('payload_too_large', `The body may have at most ${maxBytes} bytes.`);

const unreadable = (what: string): PresenceError =>
  new PresenceError('invalid_request', `The body could not be read: ${what}.`);

const joined = (chunks: readonly Uint8Array[]): Uint8Array =>
  chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks);

/** A request's stream: an IncomingMessage says how much there will be. */
type BodyStream = Readable & { readonly headers?: Readonly<Record<string, unknown>> };

/** What has come already, where that is all of it: most bodies arrive together with their headers. */
const arrived = (stream: BodyStream, maxBytes: number): Uint8Array | null => {
  const { readableLength } = stream;
  if (readableLength === 0 || readableLength > maxBytes || stream.readableFlowing !== null) {
    return null;
  }
  if (Number(stream.headers?.['content-length']) !== readableLength) return null;
  const bytes: unknown = stream.read();
  // Lets the stream come to its end, on which its connection's next request may wait.
  stream.resume();
  return typeof bytes === 'string' ? Buffer.from(bytes) : (bytes as Uint8Array);
};

const gathered = (stream: BodyStream, maxBytes: number): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    const settle = (finish: () => void): void => {
      stream.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken);
      finish();
    };
    const onData = (chunk: Uint8Array): void => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else
        settle(() => {
          // What is still to come is thrown away, so that the answer can go out on this connection.
          stream.on('error', () => undefined).resume();
          reject(tooLarge(maxBytes));
        });
    };
    const onEnd = (): void => settle(() => resolve(joined(chunks)));
    const onBroken = (): void => settle(() => reject(unreadable('it ended early')));
    stream.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken);
  });

/**
 * The bytes of a request's body, bounded while they arrive. For adapters.
 *
 * @throws PresenceError `payload_too_large` beyond `maxBytes`; `invalid_request` where the body ends
 *   early or was consumed by something else
 */
export const readBody = (stream: BodyStream, maxBytes: number): Soon<Uint8Array> => {
  if (stream.readableEnded || stream.destroyed) {
    throw unreadable('something consumed it before. Leave it to a parser that keeps the result');
  }
  return arrived(stream, maxBytes) ?? gathered(stream, maxBytes);
};
