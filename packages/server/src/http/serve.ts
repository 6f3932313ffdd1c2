import { attempt, chain, type Soon } from '../soon.ts';
import type { HttpAnswer } from './types.ts';

/** Node hands a request over first, and right after it what came of its body with the headers. */
const BODY_ARRIVED = Promise.resolve();

/**
 * Has one request handled once what came of its body can be read, which for almost every heartbeat is
 * all of it. For adapters.
 *
 * @param send puts the answer into the framework's response
 * @param fail what `handle` or `send` threw goes to the framework
 */
export const serve = (
  handle: () => Soon<HttpAnswer>,
  send: (answer: HttpAnswer) => void,
  fail: (error: unknown) => void,
): void => {
  void BODY_ARRIVED.then(() => attempt(() => chain(handle(), send), fail));
};
