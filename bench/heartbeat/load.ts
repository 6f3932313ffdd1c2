import { connect, type Socket } from 'node:net';

/** One HTTP request after the other on one kept connection, as bytes: the load costs less than the server. */
export interface Wire {
  post(path: string, token: string, body: string): Promise<string>;
  close(): void;
}

const HEAD_END = '\r\n\r\n';

const lengthOf = (head: string): number =>
  Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);

export const openWire = async (port: number): Promise<Wire> => {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await new Promise<void>((resolve, reject) =>
    socket.once('connect', resolve).once('error', reject),
  );
  let received = '';
  let answered: (text: string) => void = () => undefined;
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    received += chunk;
    const end = received.indexOf(HEAD_END);
    if (end < 0) return;
    const total = end + HEAD_END.length + lengthOf(received.slice(0, end));
    if (received.length < total) return;
    const text = received;
    received = '';
    answered(text);
  });
  return {
    post: (path, token, body) =>
      new Promise((resolve) => {
        answered = resolve;
        socket.write(
          `POST ${path} HTTP/1.1\r\nhost: localhost\r\nx-token: ${token}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
        );
      }),
    close: () => socket.destroy(),
  };
};

/** The JSON of an answer that went well. */
export const contentOf = (answer: string): Record<string, unknown> => {
  const body = answer.slice(answer.indexOf(HEAD_END) + HEAD_END.length);
  if (!answer.startsWith('HTTP/1.1 200')) throw new Error(`Refused: ${answer.slice(0, 300)}`);
  return JSON.parse(body) as Record<string, unknown>;
};
