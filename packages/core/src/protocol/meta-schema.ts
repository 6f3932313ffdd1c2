import { z } from 'zod';
import { LIMITS } from './limits.ts';
import type { Json } from './room-messages.ts';

/** Bytes as UTF-8: one for each unit that needs no escape, else one for each of its escapes. */
const bytesOf = (json: string): number =>
  encodeURIComponent(json).replaceAll(/%[0-9A-F]{2}/g, ' ').length;

const fitsMeta = (value: unknown): boolean => {
  const json = JSON.stringify(value);
  return json.length <= LIMITS.metaBytes && bytesOf(json) <= LIMITS.metaBytes;
};

/** What a session says of itself in a room. */
export const metaSchema: z.ZodType<Json> = z
  .unknown()
  .refine(
    (value) => value !== undefined && fitsMeta(value),
    `must be at most ${LIMITS.metaBytes} bytes as JSON`,
  ) as z.ZodType<Json>;
