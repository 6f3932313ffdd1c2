import type * as HttpLink from './transports/http-link.ts';
import type * as Sharing from './tabs/sharing.ts';

/** Code that most visitors never need, and others load when they do. What loads it must bear that it fails. */
export interface Loaders {
  /** Heartbeats over HTTP, where no socket gets through. */
  http(): Promise<typeof HttpLink>;
  /** What tabs say to each other, once there are two. */
  sharing(): Promise<typeof Sharing>;
}

export const loaders: Loaders = {
  http: () => import('./transports/http-link.ts'),
  sharing: () => import('./tabs/sharing.ts'),
};
