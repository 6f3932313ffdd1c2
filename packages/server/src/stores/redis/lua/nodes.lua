-- The servers that this partition knows, whose lease lives.
-- KEYS  the partition's (shared/keys.lua)
-- ARGV  none
-- out   { at, epoch, id, … }
-- include: clock, state
local answer = {now, epoch}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', NODE, '(' .. integer(now), '+inf')) do
  answer[#answer + 1] = id
end
return answer
