import type { Readable } from 'node:stream';
import type { Soon } from '../soon.ts';

/** One request below the mount, as an adapter translates it. */
export interface HttpRequest<Request = unknown> {
  readonly method: string;
  /** Below the mount, without query: `/heartbeat`. Still percent-encoded. */
  readonly path: string;
  /** Without the question mark; `''` when there is none. */
  readonly query: string;
  /** A request header by lower-case name; repeated ones joined by a comma. */
  header(name: string): string | undefined;
  /**
   * The body: what the application's own parser made of it, or the bytes, read up to a limit by
   * {@link readBody}. Absent: there is none.
   */
  readonly body:
    | { readonly kind: 'parsed'; readonly value: unknown }
    | { readonly kind: 'stream'; read(limitBytes: number): Soon<Uint8Array> }
    | null;
  /** The peer's address as the socket has it. */
  readonly address: string;
  /** What `authenticate` gets. */
  readonly raw: Request;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Text as `content-type` says, almost always JSON; `null` for none. */
  readonly body: string | null;
  /** What follows the headers for as long as somebody reads it; `body` is `null` then. Destroyed when nobody does. */
  readonly stream?: Readable;
}
