import type { Clock } from '@presence/core';
import { WebSocket } from 'ws';
import type { Call } from '../call.ts';
import { inOneLine, refused } from '../failures.ts';
import { lookAtClock } from './clock.ts';
import type { Finding } from './finding.ts';

const WAIT_MS = 10_000;

const finding = (level: Finding['level'], saw: string, advice?: string): Finding => ({
  about: 'proxies',
  level,
  saw,
  ...(advice !== undefined && { advice }),
});

/** @throws PresenceError `invalid_options` */
const mountOf = (app: string): URL => {
  const url = URL.canParse(app) ? new URL(app) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '') {
    throw refused(
      '--app takes the http(s) address of the mount, such as https://app.example/presence.',
    );
  }
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url;
};

const under = (mount: URL, path: string): URL => {
  const url = new URL(mount);
  url.pathname += path;
  return url;
};

const get = async (url: URL, clock: Clock) => {
  const aborter = new AbortController();
  const cancel = clock.after(WAIT_MS, () => aborter.abort());
  try {
    const response = await fetch(url, { redirect: 'manual', signal: aborter.signal });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text };
  } finally {
    cancel();
  }
};

const statusIn = (text: string): string | null => {
  try {
    return String((JSON.parse(text) as { readonly status?: unknown }).status);
  } catch {
    return null;
  }
};

type Answered = Awaited<ReturnType<typeof get>>;

const healthFinding = (url: URL, { status, headers, text }: Answered): Finding => {
  const location = headers.get('location');
  if (location !== null) {
    const advice = 'Let requests of the mount through: presence asks for logins itself.';
    return finding('fail', `${url.href} redirects to ${new URL(location, url).origin}`, advice);
  }
  const said = statusIn(text);
  if (status === 200 && said === 'ok') return finding('ok', `${url.href} answers ok`);
  if (said === 'draining' || said === 'store_unavailable') {
    return finding('fail', `${url.href} answers ${said}`, 'Look at the log of that server.');
  }
  const advice = 'Pass the address at which your application mounts presence.';
  return finding('fail', `${url.href} answers ${status}, and not as presence does`, advice);
};

/** Headers that proxies add to what they pass on. */
const MARKS = ['via', 'cf-ray', 'x-amz-cf-id', 'x-served-by', 'x-envoy-upstream-service-time'];
const PROXIES = /nginx|openresty|cloudflare|envoy|caddy|traefik|haproxy|awselb|apache/i;

/** What only the application knows is whether it was told of the proxy. */
const proxyFindings = ({ headers }: Answered): Finding[] => {
  const server = headers.get('server') ?? '';
  const mark = PROXIES.test(server) ? server : MARKS.find((name) => headers.has(name));
  if (mark === undefined) return [];
  const advice =
    'Set security.trustProxy, or all users share the address of the proxy in the limits.';
  return [finding('ok', `a proxy stands before the application (${mark})`, advice)];
};

/** A header of whole seconds, perhaps on the way for a while: half of one is the best guess. */
const HEADER_MS = 1000;

const clockFindings = ({ headers }: Answered, clock: Clock): Finding[] => {
  const at = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(at)
    ? []
    : [lookAtClock('the application', at + HEADER_MS / 2 - clock.now(), HEADER_MS)];
};

const NOBODY_THERE =
  'Start the application, or pass the address at which clients reach it. Sockets were not tried.';

const lookAtHealth = (url: URL, answered: Answered, clock: Clock): Finding[] => [
  healthFinding(url, answered),
  ...proxyFindings(answered),
  ...clockFindings(answered, clock),
];

const NO_UPGRADE =
  'Clients fall back to heartbeats. Let the proxy pass upgrades; nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade".';

const lookAtSocket = (mount: URL): Promise<Finding> => {
  const url = under(mount, '/socket');
  url.protocol = url.protocol.replace('http', 'ws');
  return new Promise((resolve) => {
    const socket = new WebSocket(url, { handshakeTimeout: WAIT_MS });
    const end = (level: Finding['level'], saw: string, advice?: string): void => {
      resolve(finding(level, `${url.href} ${saw}`, advice));
      socket.terminate();
    };
    socket.once('open', () => end('ok', 'opens'));
    socket.once('unexpected-response', (_request, { statusCode }) =>
      end('fail', `is answered ${statusCode} instead of opened`, NO_UPGRADE),
    );
    socket.on('error', (error) => end('fail', `does not open: ${inOneLine(error)}`, NO_UPGRADE));
  });
};

/** What comes of the routes, then of the socket, where anybody answers at all. */
const lookAtAnswers = async (mount: URL, clock: Clock): Promise<Finding[]> => {
  const url = under(mount, '/health/ready');
  try {
    const answered = await get(url, clock);
    return [...lookAtHealth(url, answered, clock), await lookAtSocket(mount)];
  } catch (error) {
    return [finding('fail', `${url.href} does not answer: ${inOneLine(error)}`, NOBODY_THERE)];
  }
};

const LOCAL = ['localhost', '127.0.0.1', '[::1]'];

const lookAtScheme = ({ protocol, hostname, href }: URL): Finding =>
  protocol === 'https:' || LOCAL.includes(hostname)
    ? finding('ok', `${href} is ${protocol === 'https:' ? 'encrypted' : 'on this machine'}`)
    : finding('warn', `${href} is not encrypted`, 'Serve it over https.');

/** Asks the application as a client would, through whatever stands before it. */
export const lookAtProxies = async ({ options, io }: Call): Promise<Finding[]> => {
  if (options.app === undefined) {
    return [finding('skipped', 'pass --app https://app.example/presence to have them looked at')];
  }
  const mount = mountOf(options.app);
  return [lookAtScheme(mount), ...(await lookAtAnswers(mount, io.clock))];
};
