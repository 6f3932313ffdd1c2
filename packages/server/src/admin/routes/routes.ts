import type { Route } from '../../http/route.ts';
import { config } from './config.ts';
import { page } from './page.ts';
import { adminReads } from './reads.ts';
import { adminStream } from './stream.ts';
import { webhookRoutes } from './webhooks.ts';
import { adminWrites } from './writes.ts';

/** What `admin: true` mounts. */
export const ADMIN_ROUTES: readonly Route[] = [
  ...page,
  config,
  ...adminReads,
  adminStream,
  ...adminWrites,
  ...webhookRoutes,
];
