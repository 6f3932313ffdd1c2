import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';

/** Bytes that SHA-256 takes at once (FIPS 180-4). */
const BLOCK = 64;

/** What the two passes add to the key, byte by byte (RFC 2104). */
const [INNER, OUTER] = [0x36, 0x5c];

const DIGEST_BYTES = 32;

/** Contents up to this length are hashed from one buffer that is used again and again. */
const ROOM = 4096;

const padded = (key: Uint8Array, pad: number): Uint8Array =>
  Uint8Array.from({ length: BLOCK }, (_, index) => (key[index] ?? 0) ^ pad);

/**
 * HMAC-SHA256 as base64url, of text of characters up to U+00FF, by two one-shot hashes. The result is that of `createHmac`
 * for a quarter of the time, which its streams take: everybody who comes needs three of them.
 *
 * @param key at most 64 bytes
 */
export const createHmacOf = (key: Uint8Array): ((content: string) => string) => {
  const inner = Buffer.alloc(BLOCK + ROOM);
  inner.set(padded(key, INNER));
  const outer = Buffer.alloc(BLOCK + DIGEST_BYTES);
  outer.set(padded(key, OUTER));

  const withContent = (content: string): Buffer => {
    if (content.length > ROOM) {
      return Buffer.concat([inner.subarray(0, BLOCK), Buffer.from(content, 'latin1')]);
    }
    return inner.subarray(0, BLOCK + inner.write(content, BLOCK, 'latin1'));
  };

  return (content) => {
    outer.write(hash('sha256', withContent(content), 'binary'), BLOCK, 'latin1');
    return hash('sha256', outer, 'base64url');
  };
};
