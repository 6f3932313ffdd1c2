import { Buffer } from 'node:buffer';
import type { SharedFrame } from '../types.ts';

/*
 * What goes down a stream, as server-sent events (HTML, 9.2): a frame is an event without a name. JSON
 * has no line breaks, so that one line carries it.
 */

/** The events that are no frames of the protocol, but belong to the stream itself. */
export type Control =
  /** First of all: what names the stream to whoever posts its frames. */
  | { readonly name: 'stream'; readonly content: string }
  /** The frames of the post with this number are here. */
  | { readonly name: 'taken'; readonly content: number }
  /** To be given back, as a WebSocket's pong gives back what its ping carried. */
  | { readonly name: 'ping'; readonly content: string }
  /** The last: as a WebSocket closes. */
  | {
      readonly name: 'close';
      readonly content: { readonly code: number; readonly reason: string };
    };

export const controlEvent = ({ name, content }: Control): Buffer =>
  Buffer.from(`event: ${name}\ndata: ${JSON.stringify(content)}\n\n`);

/** Made once for all streams that get the frame. */
const written = new WeakMap<SharedFrame, Buffer>();

export const frameEvent = (frame: SharedFrame): Buffer => {
  let bytes = written.get(frame);
  if (!bytes) {
    bytes = Buffer.from(`data: ${frame.text}\n\n`);
    written.set(frame, bytes);
  }
  return bytes;
};
