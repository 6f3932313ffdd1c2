import type { ServerFrame } from '@presence/core/protocol';

/** What a client of either transport is asked for. */
export interface RawClient {
  /** In the order in which they came. */
  readonly frames: ServerFrame[];
  readonly closed: Promise<{ code: number; reason: string }>;
  send(...frames: readonly unknown[]): void;
  /** Resolves once `isSo`, asked after whatever arrives. */
  until(isSo: () => boolean): Promise<void>;
  /** Goes without a word. */
  vanish(): void;
}

/** A stream by hand: what the client package does, without what it does beyond the protocol. */
export interface RawStream extends RawClient {
  readonly response: Promise<Response>;
  /** Names of control events, in order. */
  readonly controls: string[];
  /** Whether pings are given back. */
  answers: boolean;
  name(): string;
}

/** Who waits for something to be so. */
export const createWaiting = () => {
  const waiting = new Set<() => void>();
  return {
    look: (): void => {
      for (const look of waiting) look();
    },
    until: (isSo: () => boolean): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!isSo()) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
};

const post = (url: string, body: object, signal: AbortSignal): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });

const createEventReader = (tell: (name: string, content: string) => void) => {
  const decoder = new TextDecoder();
  let rest = '';
  return (bytes: Uint8Array): void => {
    const events = (rest + decoder.decode(bytes, { stream: true })).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      const [, name = '', content = ''] = /^(?:event: (\w+)\n)?data: (.*)$/.exec(event) ?? [];
      tell(name, content);
    }
  };
};

/**
 * @param first the frames of the request itself, a hello in front
 * @param other posts go there: another node, perhaps
 */
export const openStream = (
  base: string,
  first: readonly unknown[],
  other: string = base,
): RawStream => {
  const frames: ServerFrame[] = [];
  const controls: string[] = [];
  const { look, until } = createWaiting();
  const abort = new AbortController();
  let name = '';
  let seq = 0;
  let taken = 0;
  let sending: Promise<unknown> = Promise.resolve();
  let close: (how: { code: number; reason: string }) => void = () => undefined;
  const closed = new Promise<{ code: number; reason: string }>((resolve) => (close = resolve));

  const say = (body: object): void => {
    const before = sending;
    sending = (async () => {
      await before;
      await until(() => name !== '' && taken === seq);
      seq += 1;
      await post(`${other}/stream/frames`, { stream: name, seq, ...body }, abort.signal);
    })();
    sending.catch(() => undefined);
  };
  const tell = (event: string, content: string): void => {
    const said = JSON.parse(content) as unknown;
    if (event === '') frames.push(said as ServerFrame);
    else controls.push(event);
    if (event === 'stream') name = said as string;
    if (event === 'taken') taken = said as number;
    if (event === 'ping' && stream.answers) say({ pongs: [said] });
    if (event === 'close') close(said as { code: number; reason: string });
    look();
  };
  const response = post(`${base}/stream`, { frames: first }, abort.signal);
  const read = async (): Promise<void> => {
    const take = createEventReader(tell);
    for await (const bytes of (await response).body ?? []) take(bytes);
  };
  const ended = (): void => close({ code: 1006, reason: '' });
  read().then(ended, ended);
  const stream: RawStream = {
    frames,
    controls,
    response,
    closed,
    until,
    answers: true,
    name: () => name,
    send: (...said) => say({ frames: said }),
    vanish: () => abort.abort(),
  };
  return stream;
};
