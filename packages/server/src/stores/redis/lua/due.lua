-- Records that are due, from an offset on and around. Writes the pulse, and grants the amnesty when it was old.
-- KEYS  the partition's (shared/keys.lua)
-- ARGV  limit · spread in [0, 1)
-- out   { at, epoch, 1: more, next instant or '', tenant|user, value, ends of its leases, … }
-- include: clock, records, pardon
local limit, spread = tonumber(ARGV[1]), tonumber(ARGV[2])
-- A page is left to whoever asked for it for so long: reapers do not settle the same records.
local CLAIM_MS = 2000

-- The pulse, and what time has made needless.
if not isOld then
  redis.call('HSET', META, 'pulse', integer(now))
end
if #amnesties > 0 then
  -- An amnesty is over when no lease is written down to end in it, nor put there by one before it.
  local kept, latest = {}, 0
  for _, amnesty in ipairs(amnesties) do
    local alive, shared, own = integer(amnesty[1]), integer(amnesty[SHARED]), integer(amnesty[OWNED])
    local count = redis.call('ZCOUNT', NODE, '(' .. alive, '(' .. shared) + redis.call('ZCOUNT', OWN, '(' .. alive, '(' .. own)
    if count > 0 or latest > amnesty[1] then
      kept[#kept + 1] = alive .. ':' .. shared .. ':' .. own
      latest = math.max(latest, amnesty[SHARED], amnesty[OWNED])
    end
  end
  if #kept < #amnesties then
    redis.call('HSET', META, 'amnesty', table.concat(kept, ','))
    if #kept == 0 then
      redis.call('DEL', FRESH)
    end
  end
end

-- Tenants without users for a day: whoever subscribes from now on counts from the beginning.
local DAY_MS = 86400000
for _, tenant in ipairs(redis.call('ZRANGEBYSCORE', GONE, '-inf', now - DAY_MS, 'LIMIT', 0, 100)) do
  local lead = tenant .. SEP
  redis.call('ZREM', GONE, tenant)
  if not redis.call('ZRANGEBYLEX', IDX, '[' .. lead, '(' .. lead .. LAST, 'LIMIT', 0, 1)[1] then
    redis.call('HDEL', SEQ, tenant)
  end
end

-- Where due records stand: how many, and how to get some of them from a rank on.
local sources, total = {}, 0
local function source(count, fetch)
  if count > 0 then
    sources[#sources + 1] = {count = count, fetch = fetch}
    total = total + count
  end
end

local function holderOf(id)
  local member = redis.call('ZRANGEBYLEX', HOLD, '[' .. id .. SEP, '(' .. id .. SEP .. LAST, 'LIMIT', 0, 1)[1]
  return member and string.sub(member, #id + 4)
end

local function holdersFrom(ids)
  local fields = {}
  for index, id in ipairs(ids) do
    fields[index] = holderOf(id) or ''
    if fields[index] == '' then
      dropLease(id)
    end
  end
  return fields
end

source(redis.call('ZCOUNT', DUE, '-inf', now), function(from, to)
  return redis.call('ZRANGE', DUE, from, to)
end)
source(redis.call('ZCOUNT', OWN, '-inf', endedUpTo(OWNED)), function(from, to)
  return holdersFrom(redis.call('ZRANGE', OWN, from, to))
end)
local fresh = endedFresh(OWNED)
source(#fresh, function(from, to)
  return holdersFrom({unpack(fresh, from + 1, math.min(to + 1, #fresh))})
end)
for _, id in ipairs(endedShared()) do
  local count = holdersOf(id)
  if count == 0 then
    dropLease(id)
  else
    local first = redis.call('ZRANGEBYLEX', HOLD, '[' .. id .. SEP, '(' .. id .. SEP .. LAST, 'LIMIT', 0, 1)[1]
    local rank = redis.call('ZRANK', HOLD, first)
    source(count, function(from, to)
      local fields = redis.call('ZRANGE', HOLD, rank + from, rank + to)
      for index, member in ipairs(fields) do
        fields[index] = string.sub(member, #id + 4)
      end
      return fields
    end)
  end
end

local isCrowd = total > limit
local found, claimed, isMet = {}, {}, {}
local isCut = false

local function meet(field)
  if field == '' or isMet[field] then
    return true
  end
  if #found >= limit or #claimed >= 10 * limit then
    isCut = true
    return false
  end
  isMet[field] = true
  local isClaimed = isCrowd and tonumber(redis.call('ZSCORE', CLAIM, field) or 0) > now
  if isClaimed then
    claimed[#claimed + 1] = field
  else
    found[#found + 1] = field
  end
  return true
end

local function walk(at)
  local index = 1
  while sources[index] and at >= sources[index].count do
    at = at - sources[index].count
    index = index + 1
  end
  local left = total
  while left > 0 do
    local each = sources[index]
    local to = math.min(each.count, at + math.min(left, limit + 1)) - 1
    for _, field in ipairs(each.fetch(at, to)) do
      if not meet(field) then
        return
      end
    end
    left = left - (to - at + 1)
    at = to + 1
    if at == each.count then
      index, at = index % #sources + 1, 0
    end
  end
end
walk(math.min(total - 1, math.floor(spread * total)))

-- Nothing else is left: better twice than never.
for _, field in ipairs(claimed) do
  if #found < limit then
    found[#found + 1] = field
  else
    isCut = true
  end
end

if isCrowd and #found > 0 then
  redis.call('ZREMRANGEBYSCORE', CLAIM, '-inf', now)
  local claims = {}
  for _, field in ipairs(found) do
    claims[#claims + 1] = now + CLAIM_MS
    claims[#claims + 1] = field
  end
  redis.call('ZADD', CLAIM, unpack(claims))
elseif total == 0 then
  redis.call('DEL', CLAIM)
end

local nextAt = isCut and now or nil
if not isCut then
  for _, amnesty in ipairs(amnesties) do
    for _, ends in ipairs({amnesty[SHARED], amnesty[OWNED]}) do
      if ends > now and (not nextAt or ends < nextAt) then
        nextAt = ends
      end
    end
  end
  for _, key in ipairs({DUE, OWN, NODE}) do
    local score = redis.call('ZRANGEBYSCORE', key, '(' .. integer(now), '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]
    if score and (not nextAt or tonumber(score) < nextAt) then
      nextAt = tonumber(score)
    end
  end
end

local answer = {now, epoch, isCut and 1 or 0, nextAt and integer(nextAt) or ''}
if #found > 0 then
  tellAll(answer, redis.call('HMGET', REC, unpack(found)), found)
end
return answer
