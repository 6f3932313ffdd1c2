import type * as Commands from './commands.ts';
import type * as HttpLink from './transports/http-link.ts';
import type * as Sharing from './tabs/sharing.ts';

/** Code that most visitors never need, and others load when they do. What loads it must bear that it fails. */
export interface Loaders {
  /** What a user does to their own presence. */
  commands(): Promise<typeof Commands>;
  /** Heartbeats over HTTP, where no socket gets through. */
  http(): Promise<typeof HttpLink>;
  /** What tabs say to each other, once there are two. */
  sharing(): Promise<typeof Sharing>;
}

export const loaders: Loaders = {
  commands: () => import('./commands.ts'),
  http: () => import('./transports/http-link.ts'),
  sharing: () => import('./tabs/sharing.ts'),
};
