import { z } from 'zod';
import { fitsMeta, META_BYTES } from '../rooms.ts';
import type { Json } from './room-messages.ts';

/** What a session says of itself in a room. */
export const metaSchema: z.ZodType<Json> = z
  .unknown()
  .refine(
    (value) => value !== undefined && fitsMeta(JSON.stringify(value)),
    `must be at most ${META_BYTES} bytes as JSON`,
  ) as z.ZodType<Json>;
