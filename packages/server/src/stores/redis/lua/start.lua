-- Makes a partition ready that is empty, or tells what is there.
-- KEYS  the partition's (shared/keys.lua)
-- ARGV  epoch to begin with · partitions · shards per tenant · schema
-- out   { at, epoch, partitions, shards per tenant, schema }
-- include: clock, keys
if redis.call('HSETNX', META, 'epoch', ARGV[1]) == 1 then
  redis.call('HSET', META, 'pulse', integer(now), 'partitions', ARGV[2], 'shards', ARGV[3], 'schema', ARGV[4])
end
local meta = redis.call('HMGET', META, 'epoch', 'partitions', 'shards', 'schema')
return {now, meta[1], meta[2], meta[3], meta[4]}
