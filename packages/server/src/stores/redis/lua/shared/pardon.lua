-- include: leases
-- Where nobody wrote the pulse for long, the store was stopped: leases that lived then live on for a while.
if isOld then
  amnesties[#amnesties + 1] = {pulse, now + 30000, now + 75000}
  local texts = {}
  for index, amnesty in ipairs(amnesties) do
    texts[index] = integer(amnesty[1]) .. ':' .. integer(amnesty[SHARED]) .. ':' .. integer(amnesty[OWNED])
  end
  redis.call('HSET', META, 'pulse', integer(now), 'amnesty', table.concat(texts, ','))
end

-- Remembers that a lease was written after the amnesties that its end falls into.
local function remember(id, score)
  if #amnesties == 0 then
    return
  end
  local kind = isShared(id) and SHARED or OWNED
  for _, amnesty in ipairs(amnesties) do
    if score > amnesty[1] and score < amnesty[kind] then
      redis.call('ZADD', FRESH, amnesties[#amnesties][SHARED], id)
      return
    end
  end
  redis.call('ZREM', FRESH, id)
end

local function writeLease(id, score)
  redis.call('ZADD', isShared(id) and NODE or OWN, score, id)
  remember(id, score)
end

local function dropLease(id)
  redis.call('ZREM', isShared(id) and NODE or OWN, id)
  if #amnesties > 0 then
    redis.call('ZREM', FRESH, id)
  end
end

local function holdersOf(id)
  return redis.call('ZLEXCOUNT', HOLD, '[' .. id .. SEP, '(' .. id .. SEP .. LAST)
end
