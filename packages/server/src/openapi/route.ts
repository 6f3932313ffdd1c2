import { jsonText } from '../http/answers.ts';
import { openRoute, type Route } from '../http/route.ts';
import { openApiOf } from './document.ts';

/** `GET /openapi.json`: these routes and itself, written once when first asked for. */
export const openApiRoute = (others: readonly Route[]): Route => {
  let text: string | null = null;
  const route: Route = openRoute({
    method: 'GET',
    path: '/openapi.json',
    login: 'by-the-route',
    limit: 'address',
    body: null,
    run: () => {
      text ??= JSON.stringify(openApiOf([...others, route]));
      return jsonText(text);
    },
  });
  return route;
};
