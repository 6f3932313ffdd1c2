-- include: records
-- More overdue records than this are not looked through: reaping comes first. Each costs 10 µs, and everybody waits.
local MOST_OVERDUE = 100

-- How many are overdue, of all tenants; of dead nodes', whoever does not hang on them alone.
local function isCrowdedFor(lead, fresh, shared)
  local count = #fresh + redis.call('ZCOUNT', DUE, '-inf', now) + redis.call('ZCOUNT', OWN, '-inf', endedUpTo(OWNED))
  for _, id in ipairs(shared) do
    local others = id .. SEP .. '0' .. SEP .. lead
    count = count + redis.call('ZLEXCOUNT', HOLD, '[' .. others, '(' .. others .. LAST)
  end
  return count > MOST_OVERDUE
end

-- Those of a tenant's users whose deadline passed or whose lease ended, but for the lease that they hang on alone.
-- Nobody, and true, where too many are overdue.
local function overdueOf(tenant)
  local lead = tenant .. SEP
  local fresh, shared = endedFresh(OWNED), endedShared()
  if isCrowdedFor(lead, fresh, shared) then
    return {}, true
  end
  local isFound, fields = {}, {}
  local function add(field)
    if not isFound[field] and string.sub(field, 1, #lead) == lead then
      isFound[field] = true
      fields[#fields + 1] = field
    end
  end
  local function addHolders(lead, most)
    for _, member in ipairs(redis.call('ZRANGEBYLEX', HOLD, '[' .. lead, '(' .. lead .. LAST, 'LIMIT', 0, most)) do
      add(string.match(member, '^[^\31]*\31.\31(.*)$'))
    end
  end
  for _, field in ipairs(redis.call('ZRANGEBYSCORE', DUE, '-inf', now)) do
    add(field)
  end
  for _, ids in ipairs({redis.call('ZRANGEBYSCORE', OWN, '-inf', endedUpTo(OWNED)), fresh}) do
    for _, id in ipairs(ids) do
      addHolders(id .. SEP, 2)
    end
  end
  for _, id in ipairs(shared) do
    addHolders(id .. SEP .. '0' .. SEP .. lead, MOST_OVERDUE)
  end
  return fields, false
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

-- What is stored of overdue users, asked for at once; `false` for one who is deleted.
local function valuesOf(fields)
  return #fields > 0 and redis.call('HMGET', REC, unpack(fields)) or {}
end
