/** What the scripts of the store run, with keys of their partition: the user of the connection must be allowed to. */
export const SCRIPT_COMMANDS: readonly string[] = Object.freeze(
  (
    'del hdel hget hincrby hmget hset hsetnx zadd zcount zlexcount zmscore zrange zrangebylex zrangebyscore ' +
    'zrank zrem zremrangebyscore zscore'
  ).split(' '),
);

/** What is run without keys. `eval` comes with them, and is what asks for the rest. */
export const PLAIN_COMMANDS: readonly string[] = Object.freeze(['info', 'time']);

/** What is run with channels, on one server and on a cluster. */
export const CHANNEL_COMMANDS = Object.freeze({
  one: Object.freeze(['publish', 'subscribe', 'unsubscribe']),
  cluster: Object.freeze(['spublish', 'ssubscribe', 'sunsubscribe']),
});
