import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import type { Connection, ConnectionEvents, SharedFrame } from '../types.ts';
import { controlEvent, frameEvent, type Control } from './events.ts';

const REST = Buffer.from(':\n\n');

/**
 * The body of an answer that goes on for as long as somebody reads it, as a {@link Connection}. What
 * its client says comes by requests of their own, and is told to `events`.
 */
export class EventStream extends Readable implements Connection {
  readonly #onClosed: () => void;
  /** Set once the gateway took the stream. */
  events: ConnectionEvents | null = null;
  /** The number of the last post that was taken. */
  taken = 0;
  #isOver = false;

  constructor(onClosed: () => void) {
    super();
    this.#onClosed = onClosed;
  }

  /** Whoever reads takes what is there; the gateway writes when it has something. */
  override _read(): void {
    // Nothing is made to order.
  }

  /** A reader who went is no failure of anybody's: whatever it is, nobody is told of an error. */
  override _destroy(_error: Error | null, done: (error?: Error | null) => void): void {
    this.#isOver = true;
    this.#onClosed();
    this.events?.closed();
    done(null);
  }

  say(control: Control): void {
    this.#put(controlEvent(control));
  }

  /** Shows whatever is on the way that the stream goes on: a comment, which readers skip. */
  rest(): void {
    this.#put(REST);
  }

  write(frame: SharedFrame): void {
    this.#put(frameEvent(frame));
  }

  ping(marker: string): void {
    this.say({ name: 'ping', content: marker });
  }

  /** Clients of streams send no pings. */
  pong(): void {
    // Nothing to answer.
  }

  get isWritable(): boolean {
    return !this.#isOver && !this.destroyed;
  }

  /** What waits in this process for the reader. */
  get queuedBytes(): number {
    return this.readableLength;
  }

  close(code: number, reason: string): void {
    this.say({ name: 'close', content: { code, reason } });
    if (this.#isOver) return;
    this.#isOver = true;
    this.push(null);
  }

  terminate(): void {
    this.destroy();
  }

  #put(bytes: Uint8Array): void {
    if (this.isWritable) this.push(bytes);
  }
}
