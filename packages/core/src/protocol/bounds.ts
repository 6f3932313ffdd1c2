import { z } from 'zod';

/** What a schema checks by a function of its own, as JSON Schema says it. */
export const BOUNDS = z.registry<Readonly<Record<string, unknown>>>();
