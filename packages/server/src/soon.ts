/**
 * A value that may be there already. What a heartbeat passes through answers at once where nothing
 * has to be waited for: each promise on the way costs more than most of the work between them.
 */
export type Soon<Value> = Value | Promise<Value>;

/** Thenables of any make: an application's `authenticate` may answer with a query of its database. */
const isPending = <Value>(given: Soon<Value>): given is Promise<Value> =>
  (typeof given === 'object' || typeof given === 'function') &&
  given !== null &&
  typeof (given as { readonly then?: unknown }).then === 'function';

/** Goes on with a value, now or once it is there. */
export const chain = <Value, Next>(
  given: Soon<Value>,
  follow: (value: Value) => Soon<Next>,
): Soon<Next> => (isPending(given) ? Promise.resolve(given).then(follow) : follow(given));

/** Runs something that may throw or reject, and gives both to `recover`. */
export const attempt = <Value>(
  run: () => Soon<Value>,
  recover: (error: unknown) => Soon<Value>,
): Soon<Value> => {
  try {
    const given = run();
    return isPending(given) ? Promise.resolve(given).then(undefined, recover) : given;
  } catch (error) {
    return recover(error);
  }
};
