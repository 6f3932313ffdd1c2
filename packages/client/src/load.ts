import type * as Commands from './commands.ts';
import type * as Fallback from './transports/fallback.ts';
import type * as Online from './online.ts';
import type * as Rooms from './rooms.ts';
import type * as Sharing from './tabs/sharing.ts';

/** Code that most visitors never need, and others load when they do. What loads it must bear that it fails. */
export interface Loaders {
  /** What a user does to their own presence. */
  commands(): Promise<typeof Commands>;
  /** A stream and heartbeats over HTTP, where no socket gets through. */
  http(): Promise<typeof Fallback>;
  /** The list of everybody who is online. */
  online(): Promise<typeof Online>;
  /** Who is in rooms, and who types there. */
  rooms(): Promise<typeof Rooms>;
  /** What tabs say to each other, once there are two. */
  sharing(): Promise<typeof Sharing>;
}

/**
 * Whoever asks while it loads waits for the same, and so in order: two imports of one module may end in any. What failed is
 * asked for anew.
 */
export const once = <Code>(load: () => Promise<Code>): (() => Promise<Code>) => {
  let loading: Promise<Code> | null = null;
  return () =>
    (loading ??= load().catch((cause) => {
      loading = null;
      throw cause;
    }));
};

export const loaders: Loaders = {
  commands: once(() => import('./commands.ts')),
  http: once(() => import('./transports/fallback.ts')),
  online: once(() => import('./online.ts')),
  rooms: once(() => import('./rooms.ts')),
  sharing: once(() => import('./tabs/sharing.ts')),
};
