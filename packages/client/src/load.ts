import type * as Commands from './commands.ts';
import type * as Fallback from './transports/fallback.ts';
import type * as Rooms from './rooms.ts';
import type * as Sharing from './tabs/sharing.ts';

/** Code that most visitors never need, and others load when they do. What loads it must bear that it fails. */
export interface Loaders {
  /** What a user does to their own presence. */
  commands(): Promise<typeof Commands>;
  /** A stream and heartbeats over HTTP, where no socket gets through. */
  http(): Promise<typeof Fallback>;
  /** Who is in rooms, and who types there. */
  rooms(): Promise<typeof Rooms>;
  /** What tabs say to each other, once there are two. */
  sharing(): Promise<typeof Sharing>;
}

export const loaders: Loaders = {
  commands: () => import('./commands.ts'),
  http: () => import('./transports/fallback.ts'),
  rooms: () => import('./rooms.ts'),
  sharing: () => import('./tabs/sharing.ts'),
};
