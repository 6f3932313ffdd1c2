-- include: records
-- More overdue records than this are not looked through: reaping comes first.
local MOST_OVERDUE = 500

-- Those of a tenant's users whose deadline passed or whose lease ended, but for the lease that they hang on alone.
local function overdueOf(tenant)
  local lead = tenant .. SEP
  local isFound, fields, isCrowded = {}, {}, false
  local function add(field)
    if not isFound[field] and string.sub(field, 1, #lead) == lead then
      isFound[field] = true
      fields[#fields + 1] = field
    end
  end
  local late = redis.call('ZRANGEBYSCORE', DUE, '-inf', now, 'LIMIT', 0, MOST_OVERDUE + 1)
  for _, field in ipairs(late) do
    add(field)
  end
  local owned = redis.call('ZRANGEBYSCORE', OWN, '-inf', endedUpTo(OWNED), 'LIMIT', 0, MOST_OVERDUE + 1)
  for _, ids in ipairs({owned, endedFresh(OWNED)}) do
    for _, id in ipairs(ids) do
      local members = redis.call('ZRANGEBYLEX', HOLD, '[' .. id .. SEP, '(' .. id .. SEP .. LAST, 'LIMIT', 0, 2)
      for _, member in ipairs(members) do
        add(string.sub(member, #id + 4))
      end
    end
  end
  isCrowded = #late > MOST_OVERDUE or #owned > MOST_OVERDUE
  for _, id in ipairs(endedShared()) do
    local others = id .. SEP .. '0' .. SEP .. lead
    local members = redis.call('ZRANGEBYLEX', HOLD, '[' .. others, '(' .. others .. LAST, 'LIMIT', 0, MOST_OVERDUE + 1)
    isCrowded = isCrowded or #members > MOST_OVERDUE
    for _, member in ipairs(members) do
      add(string.sub(member, #id + 4))
    end
  end
  return fields, isCrowded
end

-- The groups of a list, each of one status and one lease that its members hang on alone: a dead node's are offline.
local OFFLINE = '4'
local isEnded = {}
local function shownAs(status, solo)
  if solo == '' then
    return status
  end
  if isEnded[solo] == nil then
    local expiry = expiryOf(solo)
    isEnded[solo] = not expiry or expiry <= now
  end
  return isEnded[solo] and OFFLINE or status
end

local function groupsOf(tenant, scope)
  local lead = tenant .. SEP .. scope .. SEP
  local groups, from = {}, '[' .. lead
  while true do
    local first = redis.call('ZRANGEBYLEX', IDX, from, '(' .. lead .. LAST, 'LIMIT', 0, 1)[1]
    if not first then
      return groups
    end
    local status, solo = string.match(first, '^(%d)\31([^\31]*)\31', #lead + 1)
    local prefix = lead .. status .. SEP .. solo .. SEP
    groups[#groups + 1] = {prefix = prefix, status = shownAs(status, solo)}
    from = '(' .. prefix .. LAST
  end
end

local function isIn(scopes, scope)
  return string.find(LIST .. scopes .. LIST, LIST .. scope .. LIST, 1, true) ~= nil
end

-- What is stored of users, asked for at once; `false` for one who is deleted.
local function valuesOf(fields)
  local values = {}
  for from = 1, #fields, 1000 do
    for _, value in ipairs(redis.call('HMGET', REC, unpack(fields, from, math.min(from + 999, #fields)))) do
      values[#values + 1] = value
    end
  end
  return values
end
