import {
  LIMITS,
  streamPostSchema,
  streamRequestSchema,
  type StreamPost,
  type StreamRequest,
} from '@presence/core/protocol';
import { events, NO_CONTENT } from '../answers.ts';
import { refuseWhileDraining } from '../draining.ts';
import { openRoute, type OpenCall } from '../route.ts';

const common = { method: 'POST', login: 'by-the-route', limit: 'address' } as const;

/** The realtime protocol where no socket gets through. The ticket of its `hello` is the login, as a socket's is. */
const openStream = openRoute({
  ...common,
  path: '/stream',
  body: { schema: streamRequestSchema, maxBytes: LIMITS.streamBytes, acceptsText: false },
  run: async ({ node, body }: OpenCall<StreamRequest>) => {
    refuseWhileDraining(node);
    return events(await node.streams.open(body));
  },
});

/** What the client of a stream says. Who knows the name of a stream is who opened it. */
const postFrames = openRoute({
  ...common,
  path: '/stream/frames',
  body: { schema: streamPostSchema, maxBytes: LIMITS.streamBytes, acceptsText: false },
  run: async ({ node, body }: OpenCall<StreamPost>) => {
    await node.streams.post(body);
    return NO_CONTENT;
  },
});

export const stream = [openStream, postFrames];
