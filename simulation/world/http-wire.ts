import type { Clock } from '@presence/core';
import type { HttpAnswer, HttpRequest } from '@presence/server';
import type { BorderListener, WireRequest } from './border.ts';
import type { Line } from './network.ts';
import type { AppRequest, ServerLife } from './server-process.ts';

export interface HttpParts {
  readonly clock: Clock;
  life(): ServerLife | null;
  tell(event: (listener: BorderListener) => void): void;
  /** Called with each request under way; the returned function takes it off again. */
  underWay(life: ServerLife, onKilled: () => void): () => void;
  changeAnswer(request: HttpRequest<AppRequest>, answer: HttpAnswer): HttpAnswer;
}

const toHttpRequest = (request: WireRequest, address: string): HttpRequest<AppRequest> => {
  const type = request.isBeacon ? 'text/plain' : 'application/json';
  const text = request.body === undefined ? null : JSON.stringify(request.body);
  return {
    method: request.method,
    path: request.path,
    query: request.query ?? '',
    header: (name) => (name === 'content-type' && text !== null ? type : undefined),
    body:
      text === null ? null : { kind: 'stream', read: async () => new TextEncoder().encode(text) },
    address,
    raw: { login: request.login },
  };
};

const failed = (what: string): Error => new TypeError(`fetch failed: ${what}`);

/** Carries one request there and its answer back; rejects as `fetch` does when a network fails. */
export const sendRequest = (
  parts: HttpParts,
  line: Line,
  request: WireRequest,
  isReplay: boolean,
): Promise<HttpAnswer> =>
  new Promise((resolve, reject) => {
    const { up, down } = line.openPipes();
    const over = (): void => {
      up.breakDown();
      down.breakDown();
    };
    const fail = (what: string) => (): void => {
      reject(failed(what));
      over();
    };

    const serve = async (life: ServerLife, arrivedAt: number): Promise<void> => {
      const done = parts.underWay(life, () => down.send(fail('reset'), fail('reset')));
      const asked = toHttpRequest(request, line.name);
      parts.tell(({ arrived }) => arrived?.(request));
      const answer = parts.changeAnswer(asked, await life.presence.handle(asked));
      done();
      if (life.clock.state === 'dead') return;
      const answeredAt = parts.clock.now();
      parts.tell(({ answered }) =>
        answered?.({ request, answer, arrivedAt, answeredAt, isReplay }),
      );
      const arrive = (): void => {
        resolve(answer);
        over();
      };
      down.send(arrive, fail('reset'));
    };

    const arrive = (): void => {
      const life = parts.life();
      if (life === null) return down.send(fail('refused'), fail('refused'));
      const waiting = parts.underWay(life, () => down.send(fail('reset'), fail('reset')));
      life.clock.deliver(() => {
        waiting();
        void serve(life, parts.clock.now());
      });
    };

    up.send(arrive, fail('lost'));
  });
