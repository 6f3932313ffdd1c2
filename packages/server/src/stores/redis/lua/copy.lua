-- How long a shared lease lives on; given that by the partition which knows, lets it live as long here too.
-- KEYS  the partition's (shared/keys.lua)
-- ARGV  lease · ms that it lives on elsewhere, or '' to be told
-- out   { at, epoch, ms that it lives on here, 0: it has ended or is not here }
-- include: clock, pardon
local id, forMs = ARGV[1], tonumber(ARGV[2])
local expiry = expiryOf(id)
local isLiving = expiry and expiry > now

-- One that has ended here stays so for the records that hold it. Without any it was let go, and comes back.
if forMs and ((isLiving and now + forMs > expiry) or (not isLiving and holdersOf(id) == 0)) then
  expiry = now + forMs
  writeLease(id, expiry)
end
return {now, epoch, expiry and math.max(expiry - now, 0) or 0}
