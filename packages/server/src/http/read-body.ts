import type { Readable } from 'node:stream';
import { PresenceError } from '@presence/core';

export const tooLarge = (maxBytes: number): PresenceError =>
  new PresenceError('payload_too_large', `The body may have at most ${maxBytes} bytes.`);

const unreadable = (what: string): PresenceError =>
  new PresenceError('invalid_request', `The body could not be read: ${what}.`);

const joined = (chunks: readonly Uint8Array[]): Uint8Array =>
  chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks);

/**
 * The bytes of a request's body, bounded while they arrive. For adapters.
 *
 * @throws PresenceError `payload_too_large` beyond `maxBytes`; `invalid_request` where the body ends
 *   early or was consumed by something else
 */
export const readBody = (stream: Readable, maxBytes: number): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    if (stream.readableEnded || stream.destroyed) {
      reject(
        unreadable('something consumed it before. Leave it to a parser that keeps the result'),
      );
      return;
    }
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
