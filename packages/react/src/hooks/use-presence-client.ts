import type { PresenceClient } from '@presence/client';
import { usePresenceContext } from '../presence-context.ts';

/**
 * The client of the provider above.
 *
 * @throws PresenceError `invalid_options` where there is no provider
 */
export const usePresenceClient = (): PresenceClient => usePresenceContext().client;
