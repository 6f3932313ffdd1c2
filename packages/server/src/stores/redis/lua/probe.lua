-- The number of the last message on each tenant's channel, so that a subscriber sees what it missed.
-- KEYS  the partition's (shared/keys.lua)
-- ARGV  tenant, …
-- out   { at, epoch, number or '0', … }
-- include: clock, state
local answer = {now, epoch}
for _, number in ipairs(redis.call('HMGET', SEQ, unpack(ARGV))) do
  answer[#answer + 1] = number or '0'
end
return answer
