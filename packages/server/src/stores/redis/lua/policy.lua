-- Keeps a text that says by which policy somebody judges, and tells the one that was kept before.
-- KEYS  the partition's (shared/keys.lua)
-- ARGV  the text
-- out   { at, epoch, the text before or nothing }
-- include: clock, state
local before = redis.call('HGET', META, 'policy')
if before ~= ARGV[1] then
  redis.call('HSET', META, 'policy', ARGV[1])
end
return {now, epoch, before}
