import { Agent, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: unknown;
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Leaves no connection behind. */
export const closeRequests = (): void => agent.destroy();

const GIVEN_UP_MS = 5000;

/** One request of a user to a node. Rejects where no answer comes. */
export const ask = (
  port: number,
  userId: string,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  content?: object,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const body = content === undefined ? '' : JSON.stringify(content);
    const asked = request(
      {
        agent,
        port,
        host: '127.0.0.1',
        method,
        path: `/presence${path}`,
        timeout: GIVEN_UP_MS,
        headers: {
          'x-user': userId,
          'content-length': Buffer.byteLength(body),
          ...(body !== '' && { 'content-type': 'application/json' }),
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode: status = 0, headers } = response;
          resolve({
            status,
            retryAfter: headers['retry-after'],
            body: text === '' ? null : (JSON.parse(text) as unknown),
          });
        });
      },
    );
    asked.on('error', reject);
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.end(body);
  });
