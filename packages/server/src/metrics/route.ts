import { createHash, timingSafeEqual } from 'node:crypto';
import { PresenceError } from '@presence/core';
import { plain } from '../http/answers.ts';
import { openRoute, type Route } from '../http/route.ts';
import type { ResolvedMetrics } from './options.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** `GET /metrics`, where it was asked for. */
export const metricsRoutes = (metrics: ResolvedMetrics | null): readonly Route[] => {
  if (!metrics?.route) return [];
  const { registry, route } = metrics;
  const expected = route.token === null ? null : digest(`Bearer ${route.token}`);
  const isAllowed = (given: string | undefined): boolean =>
    expected === null || (given !== undefined && timingSafeEqual(digest(given), expected));
  return [
    openRoute({
      method: 'GET',
      path: '/metrics',
      login: 'by-the-route',
      limit: 'address',
      body: null,
      run: async ({ request }) => {
        if (!isAllowed(request.header('authorization'))) {
          throw new PresenceError('unauthenticated', 'Send the token of the metrics.');
        }
        return plain(await registry.metrics(), registry.contentType);
      },
    }),
  ];
};
