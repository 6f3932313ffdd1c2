-- include: state
local function isShared(id)
  return string.byte(id) == 115
end

-- When a lease ends that is written down to end at `score`. Whoever got it after an amnesty was granted has no part in it.
local function ending(id, score)
  if #amnesties == 0 then
    return score
  end
  local kind = isShared(id) and SHARED or OWNED
  local fresh = tonumber(redis.call('ZSCORE', FRESH, id) or 0)
  for _, amnesty in ipairs(amnesties) do
    if amnesty[SHARED] > fresh and score > amnesty[1] and score < amnesty[kind] then
      score = amnesty[kind]
    end
  end
  return score
end

-- When a lease ends or ended; nil: there is none.
local function expiryOf(id)
  local score = redis.call('ZSCORE', isShared(id) and NODE or OWN, id)
  return score and ending(id, tonumber(score))
end

-- Leases written down to end up to here have ended, but for fresh ones above it.
local function endedUpTo(kind)
  local last = now
  for index = #amnesties, 1, -1 do
    local amnesty = amnesties[index]
    if amnesty[kind] > last and amnesty[1] < last then
      last = amnesty[1]
    end
  end
  return last
end

-- Fresh leases of a kind that have ended though an amnesty holds for others like them. Few: only leases shorter than it.
local function endedFresh(kind)
  local ended = {}
  if #amnesties > 0 then
    local last = endedUpTo(kind)
    for _, id in ipairs(redis.call('ZRANGE', FRESH, 0, -1)) do
      if isShared(id) == (kind == SHARED) then
        local score = tonumber(redis.call('ZSCORE', kind == SHARED and NODE or OWN, id) or 0)
        if score > last and ending(id, score) <= now then
          ended[#ended + 1] = id
        end
      end
    end
  end
  return ended
end

-- Every shared lease that has ended. Few: they are dropped when nobody holds them any more.
local function endedShared()
  local ended = redis.call('ZRANGEBYSCORE', NODE, '-inf', endedUpTo(SHARED))
  for _, id in ipairs(endedFresh(SHARED)) do
    ended[#ended + 1] = id
  end
  return ended
end
