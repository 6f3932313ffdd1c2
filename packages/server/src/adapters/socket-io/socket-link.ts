import type { Socket } from 'socket.io';
import type { Connection, ConnectionEvents, SharedFrame } from '../../index.ts';
import { createProbe, type Probe } from './probe.ts';

/** In whose words a link speaks to the other end: events with names, or the protocol's own text. */
export interface Voice {
  say(frame: SharedFrame): void;
  /** The link is over: nothing more is answered. */
  ended(reason: string): void;
}

/** A link that was cut, as browsers call it (RFC 6455, 7.1.5). */
const CUT = 1006;

/** Close codes after which the application's own login is over too (see the protocol). */
const ENDS_THE_SOCKET: ReadonlySet<number> = new Set([4401, 4403]);

/**
 * One link of the realtime protocol over a socket that the application shares with it. What arrives is told
 * to `events` by whoever made the link.
 */
export class SocketLink implements Connection {
  readonly #socket: Socket;
  readonly #voice: Voice;
  readonly #probe: Probe;
  /** Set once the gateway took the link. */
  events: ConnectionEvents | null = null;
  isOver = false;

  constructor(socket: Socket, voice: Voice) {
    this.#socket = socket;
    this.#voice = voice;
    this.#probe = createProbe(socket.conn, (marker) => this.events?.pong(marker));
  }

  write(frame: SharedFrame): void {
    if (this.isWritable) this.#voice.say(frame);
  }

  ping(marker: string): void {
    if (this.isWritable) this.#probe.ask(marker);
  }

  /** The other end's pings are Socket.IO's own. */
  pong(): void {
    // Nothing to answer.
  }

  get isWritable(): boolean {
    return !this.isOver && this.#socket.connected;
  }

  /** Tells the other end; the application's socket goes on, unless its login is over. `code` as a WebSocket's. */
  close(code: number, reason: string): void {
    if (this.isOver) return;
    this.#finish();
    this.#voice.ended(reason);
    this.#socket.emit('presence:closed', { code, reason });
    if (ENDS_THE_SOCKET.has(code)) this.#socket.disconnect(true);
  }

  terminate(): void {
    this.close(CUT, 'cut');
  }

  /** The other end has ended the link, or the socket is gone. */
  left(): void {
    if (this.isOver) return;
    this.#finish();
    this.events?.closed();
  }

  #finish(): void {
    this.isOver = true;
    this.#probe.stop();
  }
}
