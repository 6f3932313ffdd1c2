import type { Connection } from './client.ts';
import { CHANNEL_COMMANDS, PLAIN_COMMANDS, SCRIPT_COMMANDS } from './commands.ts';
import type { Partitions } from './partitions.ts';

/**
 * Tells which commands the user may not run. Not among the store's scripts: those begin by asking the
 * time, which may be what is refused.
 */
const ASK = `
local with = {key = {KEYS[1]}, channel = {KEYS[2] .. 'x'}, script = {'x', '0'}, plain = {}}
local denied = {}
for place = 1, #ARGV, 2 do
  local name = ARGV[place]
  local isKnown, isAllowed = pcall(redis.acl_check_cmd, name, unpack(with[ARGV[place + 1]]))
  if isKnown and not isAllowed then
    denied[#denied + 1] = name
  end
end
return denied`;

/** The commands of the store that the user may not run, or not with keys and channels of this partition. */
export const deniedIn = async (
  connection: Connection,
  partitions: Partitions,
  partition: number,
  isSharded: boolean,
): Promise<readonly string[]> => {
  const keys = partitions.keys(partition);
  const asked = [
    ...SCRIPT_COMMANDS.map((name) => [name, 'key']),
    ...CHANNEL_COMMANDS[isSharded ? 'cluster' : 'one'].map((name) => [name, 'channel']),
    ...PLAIN_COMMANDS.map((name) => [name, 'plain']),
    ['evalsha', 'script'],
  ].flat();
  return (await connection.eval(ASK, 2, keys[0]!, keys.at(-1)!, ...asked)) as string[];
};
