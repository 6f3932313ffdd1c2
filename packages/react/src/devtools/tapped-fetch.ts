import type { Fields } from './describe-frame.ts';

/** Told of what passes. Whatever it is told, it decides what of it is kept. */
export interface Tap {
  frame(way: 'in' | 'out', frame: Fields): void;
  /** @param status `0`: no answer came */
  answer(method: string, path: string, status: number): void;
  beat(answer: Fields): void;
}

const parsed = (text: unknown): unknown => {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
};

/** Reads events along with the client, which has a copy of its own. */
const readEvents = async (body: ReadableStream<Uint8Array>, tap: Tap): Promise<void> => {
  const decoder = new TextDecoder();
  let rest = '';
  const take = (bytes: Uint8Array): void => {
    const events = (rest + decoder.decode(bytes, { stream: true })).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      const frame = event.startsWith('data: ') ? parsed(event.slice(6)) : undefined;
      if (frame) tap.frame('in', frame as Fields);
    }
  };
  // It ends as the client's own copy does, which knows what to do about it.
  await body.pipeTo(new WritableStream({ write: take })).catch(() => {});
};

/** The client reads a beat as a text, once: it is read along, so that nothing waits for it. */
const tapBeat = (response: Response, tap: Tap): Response => {
  const read = response.text.bind(response);
  response.text = async () => {
    const text = await read();
    const answer = parsed(text);
    if (answer) tap.beat(answer as Fields);
    return text;
  };
  return response;
};

const tapResponse = (path: string, response: Response, tap: Tap): Response => {
  if (!response.ok) return response;
  if (path === '/heartbeat') return tapBeat(response, tap);
  if (path !== '/stream' || !response.body) return response;
  const [own, copy] = response.body.tee();
  void readEvents(copy, tap);
  return new Response(own, response);
};

/** @param url the mount, as the client was given it */
export const tapFetch =
  (send: typeof fetch, url: string, tap: Tap): typeof fetch =>
  async (input, init) => {
    const [address = ''] = String(input instanceof Request ? input.url : input).split('?');
    const path = address.slice(address.lastIndexOf(url) + url.length);
    const method = init?.method ?? 'GET';
    const said = path.startsWith('/stream') ? parsed(init?.body) : undefined;
    for (const frame of (said as { frames?: readonly Fields[] } | undefined)?.frames ?? []) {
      tap.frame('out', frame);
    }
    try {
      const response = await send(input, init);
      tap.answer(method, path, response.status);
      return tapResponse(path, response, tap);
    } catch (error) {
      tap.answer(method, path, 0);
      throw error;
    }
  };
