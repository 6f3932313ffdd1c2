-- Users with the end of every lease that they hold.
-- KEYS  the partition's (shared/keys.lua)
-- ARGV  tenant|user, …
-- out   { at, epoch, 1: the pulse is old, value or nothing, ends of its leases, … }
-- include: clock, records
local answer = {now, epoch, isOld and 1 or 0}
tellAll(answer, redis.call('HMGET', REC, unpack(ARGV)))
return answer
