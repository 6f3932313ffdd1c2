import { HISTORY_ROUTES } from '../admin/routes/history.ts';
import { ADMIN_ROUTES } from '../admin/routes/routes.ts';
import type { ResolvedOptions } from '../context.ts';
import { metricsRoutes } from '../metrics/route.ts';
import { openApiRoute } from '../openapi/route.ts';
import type { Route } from './route.ts';
import { ROUTES } from './routes/routes.ts';

/** The table as the options have it. Heartbeats come first: the router looks there first. */
export const tableOf = ({
  hasAdmin,
  hasOpenApi,
  history,
  metrics,
}: Pick<ResolvedOptions, 'hasAdmin' | 'hasOpenApi' | 'metrics'> & {
  readonly history: object | null;
}): readonly Route[] => {
  const routes = [
    ...ROUTES,
    ...(hasAdmin ? ADMIN_ROUTES : []),
    ...(hasAdmin && history ? HISTORY_ROUTES : []),
    ...metricsRoutes(metrics),
  ];
  return hasOpenApi ? [...routes, openApiRoute(routes)] : routes;
};
