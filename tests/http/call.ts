import { request, type IncomingHttpHeaders } from 'node:http';

export interface Call {
  readonly method: string;
  /** As it goes into the request line. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
  /** Sends the body in pieces without saying how long it is. */
  readonly chunked?: boolean;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const headersOf = ({ headers = {}, body, chunked }: Call) => ({
  ...headers,
  ...(body !== undefined &&
    !chunked &&
    headers['content-length'] === undefined && {
      'content-length': String(Buffer.byteLength(body)),
    }),
});

/** One HTTP request exactly as written: no client's cleaning up of paths and headers in between. */
export const call = (base: string, asked: Call): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base);
    const sent = request(
      { host: hostname, port, method: asked.method, path: asked.path, headers: headersOf(asked) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    sent.on('error', reject);
    const { body } = asked;
    if (body !== undefined && asked.chunked) {
      const bytes = Buffer.from(body);
      for (let at = 0; at < bytes.length; at += 1000) sent.write(bytes.subarray(at, at + 1000));
    } else if (body !== undefined) {
      sent.write(body);
    }
    sent.end();
  });
