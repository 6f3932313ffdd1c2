import type { HttpAnswer } from '@presence/server';
import type { Login } from './server-process.ts';

/** A request as a client sends it. */
export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the mount. */
  readonly path: string;
  readonly query?: string;
  readonly body?: object;
  readonly login: Login | null;
  /** Beacons send their JSON as text. */
  readonly isBeacon?: boolean;
}

/** A request that the server has answered. */
export interface Exchange {
  readonly request: WireRequest;
  readonly answer: HttpAnswer;
  /** When it arrived at the server, and when the answer was there. */
  readonly arrivedAt: number;
  readonly answeredAt: number;
  /** An old request that came once more, or very late. */
  readonly isReplay: boolean;
}

/** One socket as seen from outside of both ends. */
export interface SocketFacts {
  readonly id: number;
  readonly line: string;
}

/** What can be seen at the border of the server: all that an outsider may know of it. */
export interface BorderListener {
  /** A request has arrived, and is worked on from now on. */
  arrived?(request: WireRequest): void;
  answered?(exchange: Exchange): void;
  frameIn?(socket: SocketFacts, text: string): void;
  frameOut?(socket: SocketFacts, text: string): void;
  /** The server knows that the socket is gone; `byServer`: it closed it. */
  closed?(socket: SocketFacts, byServer: boolean): void;
  /** Nothing of the socket arrives any more, and the server does not know it. */
  silenced?(socket: SocketFacts): void;
  /** It arrives again. */
  voiced?(socket: SocketFacts): void;
  /** The server stood still between two instants. */
  stalled?(fromAt: number, toAt: number): void;
  /** A new server with nothing in its memory. */
  started?(epoch: number): void;
}
