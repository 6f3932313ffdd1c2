import type { Timers } from '../timers.ts';
import type { Link, LinkEvents, Transport } from '../types.ts';
import type { LinkContext } from './presence-link.ts';

/**
 * The first event comes with the headers. Where it does not, something on the way gathers what passes
 * before it lets it through, and what is said on such a stream would come too late.
 */
const FIRST_EVENT_MS = 5000;
/** For the word that a post arrived, which comes down the stream. */
const TAKEN_MS = 10_000;
/** What one post may hold. A body may have 64 KiB, and each frame 8. */
const POST_FRAMES = 20;
const POST_BYTES = 48_000;

/** What WebSocket says of a link that just broke. */
const BROKEN = 1006;

interface Posts {
  send(text: string): void;
  pong(marker: string): void;
  /** The stream has a name: whoever posts uses it. */
  begin(stream: string): void;
  taken(seq: number): void;
}

/** As many as one post takes. */
const cut = (queue: string[]): unknown[] => {
  const frames: unknown[] = [];
  let bytes = 0;
  while (queue.length > 0 && frames.length < POST_FRAMES && bytes < POST_BYTES) {
    const text = queue.shift()!;
    // At most three bytes to a character.
    bytes += 3 * text.length;
    frames.push(JSON.parse(text));
  }
  return frames;
};

/** What the client says, one post after the other: the next one goes out when the last was taken. */
const createPosts = (
  { request }: LinkContext,
  timers: Timers,
  abort: AbortController,
  open: (frames: readonly unknown[]) => void,
  broken: (why: string) => void,
): Posts => {
  const queue: string[] = [];
  let pongs: string[] = [];
  let stream: string | undefined;
  let opening = false;
  let seq = 0;

  const post = async (body: object): Promise<void> => {
    const { failure } = await request('POST', '/stream/frames', body, abort);
    if (failure) broken(failure.message);
  };
  const flush = (): void => {
    if (timers.has('taken') || timers.stopped() || queue.length + pongs.length === 0) return;
    if (stream === undefined) {
      if (!opening) open(cut(queue));
      opening = true;
      return;
    }
    timers.after(TAKEN_MS, () => broken('The server takes nothing.'), 'taken');
    void post({ stream, seq: (seq += 1), frames: cut(queue), pongs });
    pongs = [];
  };
  return {
    send(text) {
      queue.push(text);
      flush();
    },
    pong(marker) {
      pongs.push(marker);
      flush();
    },
    begin(name) {
      stream = name;
      flush();
    },
    taken(number) {
      if (number !== seq) return;
      timers.cancel('taken');
      flush();
    },
  };
};

/** Takes events as they arrive. @param tell the name is empty for a frame of the protocol */
const takeEvents = (tell: (name: string, content: string) => void): WritableStream<Uint8Array> => {
  const decoder = new TextDecoder();
  let rest = '';
  return new WritableStream({
    write(bytes) {
      const events = (rest + decoder.decode(bytes, { stream: true })).split('\n\n');
      rest = events.pop()!;
      for (const event of events) {
        const [, name = '', content] = /^(?:event: (\w+)\n)?data: (.*)$/.exec(event) ?? [];
        if (content !== undefined) tell(name, content);
      }
    },
  });
};

/** Whether this is what the server answers, and not somebody on the way. */
const isStream = ({ ok, headers, body }: Response): boolean =>
  ok && body !== null && !!headers.get('content-type')?.startsWith('text/event-stream');

const openStream = (context: LinkContext, timers: Timers, events: LinkEvents): Link => {
  const { options, base } = context;
  const fetchAs = options.fetch ?? fetch.bind(globalThis);
  const abort = new AbortController();

  const finish = (): void => {
    timers.stop();
    abort.abort();
  };
  const closed = (code: number, reason: string): void => {
    if (timers.stopped()) return;
    finish();
    events.closed(code, reason);
  };
  const broken = (why: string): void => closed(BROKEN, why);
  const tell = (name: string, content: string): void => {
    if (timers.stopped()) return;
    if (name === '') return events.message(content);
    const said = JSON.parse(content) as never;
    if (name === 'stream') {
      timers.cancel('first');
      posts.begin(said);
    } else if (name === 'ping') posts.pong(said);
    else if (name === 'taken') posts.taken(said);
    else if (name === 'close') closed(said['code'], said['reason']);
  };
  const open = async (frames: readonly unknown[]): Promise<void> => {
    timers.after(FIRST_EVENT_MS, () => broken('Something on the way holds events back.'), 'first');
    try {
      const response = await fetchAs(`${base}/stream`, {
        method: 'POST',
        signal: abort.signal,
        headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
        body: JSON.stringify({ frames }),
      });
      if (!isStream(response)) return broken(`The server answered ${response.status}.`);
      await response.body!.pipeTo(takeEvents(tell));
      broken('The stream ended.');
    } catch (error) {
      broken(String(error));
    }
  };
  const posts = createPosts(context, timers, abort, (frames) => void open(frames), broken);
  queueMicrotask(() => timers.stopped() || events.open());
  return { send: posts.send, close: finish };
};

/** Frames down the answer of one request, and up by requests of their own: for where no socket gets through. */
export const streamTransport = (
  context: LinkContext,
  createTimers: (clock: LinkContext['clock']) => Timers,
): Transport => ({
  connect: (_url, events) => openStream(context, createTimers(context.clock), events),
});
