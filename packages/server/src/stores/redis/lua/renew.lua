-- Extends living leases; never shortens, never revives. Creates shared ones alone, when asked to.
-- KEYS  the partition's (shared/keys.lua)
-- ARGV  valid until or '' · number of shared leases · number of own ones ·
--       for each shared: lease, ms, 1: create, 2: only where it is · own leases, … · ms of each, or once for all
-- out   { at, epoch, for each shared lease: holders, -1: lost, -2: not here · places of lost own leases, from 0, … }
-- include: clock, pardon
local isLate = ARGV[1] ~= '' and now >= tonumber(ARGV[1])
local answer = {now, epoch}
local next = 4

for _ = 1, tonumber(ARGV[2]) do
  local id, forMs, mode = ARGV[next], tonumber(ARGV[next + 1]), ARGV[next + 2]
  next = next + 3
  local expiry = expiryOf(id)
  local holders = holdersOf(id)
  local mayCreate = mode == '1'
  local isLost = isLate or (expiry and expiry <= now) or (not expiry and not mayCreate)
  if not isLost and (not expiry or now + forMs > expiry) then
    writeLease(id, now + forMs)
  end
  if isLost and mode == '2' and not isLate and holders == 0 then
    answer[#answer + 1] = -2
  else
    answer[#answer + 1] = isLost and -1 or holders
  end
end

local count = tonumber(ARGV[3])
if count == 0 then
  return answer
end
-- All leases for the same time: the usual case, and half the bytes.
local forAll = #ARGV == next + count and tonumber(ARGV[#ARGV])
local scores = redis.call('ZMSCORE', OWN, unpack(ARGV, next, next + count - 1))
local extended, last = {}, 0
local endForAll = forAll and now + forAll
-- Written out once: a number would be for each.
local text = forAll and integer(endForAll)
local isPlain = #amnesties == 0
for place = 1, count do
  local id, score = ARGV[next + place - 1], tonumber(scores[place] or 0)
  local expiry = isPlain and score or ending(id, score)
  if isLate or expiry <= now then
    answer[#answer + 1] = place - 1
  else
    local ends = endForAll or now + tonumber(ARGV[next + count + place - 1])
    if ends > expiry then
      extended[last + 1] = text or integer(ends)
      extended[last + 2] = id
      last = last + 2
      if not isPlain then
        remember(id, ends)
      end
    end
  end
end
if last > 0 then
  redis.call('ZADD', OWN, unpack(extended))
end
return answer
