import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { bodyOf } from './body.ts';
import { readBody } from './read-body.ts';
import type { BodyRule } from './route.ts';
import type { HttpRequest } from './types.ts';

/** Takes whatever got so far: what is refused here is refused before any schema. */
const rule: BodyRule<unknown> = {
  schema: { safeParse: (data) => ({ success: true, data }) },
  maxBytes: 100,
  acceptsText: false,
};

const requestWith = (body: HttpRequest['body'], type = 'application/json'): HttpRequest => ({
  method: 'POST',
  path: '/',
  query: '',
  header: (name) => (name === 'content-type' ? type : undefined),
  body,
  address: '',
  raw: null,
});

const parsed = async (value: unknown, type?: string): Promise<unknown> =>
  bodyOf(requestWith({ kind: 'parsed', value }, type), rule);

const sent = async (text: string): Promise<unknown> =>
  bodyOf(requestWith({ kind: 'stream', read: () => Buffer.from(text) }), rule);

const code = (expected: string) => expect.objectContaining({ code: expected });

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

describe('the body of a request', () => {
  it('is refused for keys that reach into prototypes, wherever they stand', async () => {
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      for (const text of [`{"${key}":1}`, `{"a":[{"${key}":{}}]}`]) {
        await expect(sent(text)).rejects.toThrow(code('invalid_request'));
        await expect(parsed(JSON.parse(text))).rejects.toThrow(code('invalid_request'));
      }
    }
  });

  it('is refused beyond eight levels', async () => {
    expect(await sent(JSON.stringify(nested(8)))).toEqual(nested(8));
    await expect(sent(JSON.stringify(nested(9)))).rejects.toThrow(/deeper than 8/);
    await expect(parsed(nested(1000))).rejects.toThrow(/deeper than 8/);
  });

  it('is measured where the application’s own parser ran first', async () => {
    for (const large of [{ a: 'x'.repeat(100) }, { ['x'.repeat(100)]: 1 }, Array(100).fill(1)]) {
      await expect(parsed(large)).rejects.toThrow(code('payload_too_large'));
    }
    expect(await parsed({ a: 'x'.repeat(50) })).toEqual({ a: 'x'.repeat(50) });
  });

  it('may come as bytes from the application’s parser, and begin with a mark of its encoding', async () => {
    expect(await parsed(Buffer.from('{"a":1}'))).toEqual({ a: 1 });
    expect(await parsed(Uint8Array.from(Buffer.from('{"a":1}')))).toEqual({ a: 1 });
    expect(await sent('\ufeff{"a":1}')).toEqual({ a: 1 });
    await expect(parsed('{"a":1}', 'text/plain')).rejects.toThrow(code('unsupported_media_type'));
  });
});

describe('reading a body', () => {
  it('S20: ends at the limit, not at the end of what is sent', async () => {
    let made = 0;
    const endless = new Readable({
      read() {
        made += 1;
        // Nothing more comes once the reader should have had enough.
        if (made <= 50) this.push(Buffer.alloc(10));
      },
    });
    await expect(readBody(endless, 100)).rejects.toThrow(code('payload_too_large'));
  });

  it('says so where something consumed it before, and where it breaks off', async () => {
    const consumed = Readable.from([Buffer.from('{}')]);
    for await (const _chunk of consumed);
    await expect((async () => readBody(consumed, 100))()).rejects.toThrow(/consumed it before/);
    const broken = new Readable({ read: () => undefined });
    const reading = readBody(broken, 100);
    broken.destroy();
    await expect(reading).rejects.toThrow(/ended early/);
  });

  it('takes what has arrived in full without waiting', () => {
    const stream = Object.assign(new Readable({ read: () => undefined }), {
      headers: { 'content-length': '2' },
    });
    stream.push(Buffer.from('{}'));
    expect(readBody(stream, 100)).toEqual(Buffer.from('{}'));
  });
});
