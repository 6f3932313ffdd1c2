-- include: keys
-- What the partition knows of itself. Without it the data was lost: the caller starts the partition anew.
local meta = redis.call('HMGET', META, 'epoch', 'pulse', 'amnesty')
if not meta[1] then
  return {'data-lost'}
end
local epoch, pulse = meta[1], tonumber(meta[2])
-- The clock does not go back, but for a step: then leases live longer rather than shorter.
if now < pulse and pulse - now <= 5000 then
  now = pulse
end
local isOld = now - pulse > 5000

-- Amnesties that leases still live by: { the last pulse before the stop, end for shared leases, for own ones }.
local SHARED, OWNED = 2, 3
local amnesties = {}
for alive, shared, own in string.gmatch(meta[3] or '', '(%d+):(%d+):(%d+)') do
  amnesties[#amnesties + 1] = {tonumber(alive), tonumber(shared), tonumber(own)}
end
