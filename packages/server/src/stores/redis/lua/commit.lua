-- Writes of users, each all or nothing: compare-and-set by revision, before its end, on living shared leases.
-- KEYS  the partition's (shared/keys.lua)
-- ARGV  PUBLISH or SPUBLISH, then for each write:
--       tenant|user · base · valid until or '' · revision · status · deadline or '' · solo or '' · holds ·
--       grants (lease, ms, …) · scopes · steps as JSON · record as JSON, '' deletes
-- out   { at, epoch, then for each write: 'ok', or reason, value or nothing, ends of its leases }
-- include: clock, records, pardon
local PARTS = 12

-- What this script makes true, gathered and written at its end in a few large commands. `false` takes away.
local records, entries, holds, deadlines, numbers, messages = {}, {}, {}, {}, {}, {}
local ends = {}

local function endOf(id)
  local known = ends[id]
  if known == nil then
    known = expiryOf(id) or false
    ends[id] = known
  end
  return known
end

-- Everything that is stored of the batch, asked for at once.
local function prepare()
  local fields, own = {}, {}
  for first = 2, #ARGV, PARTS do
    fields[#fields + 1] = ARGV[first]
    for id in string.gmatch(ARGV[first + 8], '([^\30]+)\30%d+') do
      own[#own + 1] = id
    end
  end
  for index, value in ipairs(redis.call('HMGET', REC, unpack(fields))) do
    records[fields[index]] = value
  end
  if #own > 0 then
    for index, score in ipairs(redis.call('ZMSCORE', OWN, unpack(own))) do
      local id = own[index]
      if not isShared(id) then
        ends[id] = score and ending(id, tonumber(score))
      end
    end
  end
end

local NOTHING = {}
local function listOf(text)
  if text == '' then
    return NOTHING, NOTHING
  end
  if not string.find(text, LIST, 1, true) then
    return {text}, {[text] = true}
  end
  local list, isIn = {}, {}
  for item in string.gmatch(text, '[^\30]+') do
    list[#list + 1] = item
    isIn[item] = true
  end
  return list, isIn
end

local function refusal(write, before)
  if before.revision ~= write.base then
    return 'conflict'
  end
  if write.validUntil ~= '' and now >= tonumber(write.validUntil) then
    return 'late'
  end
  for _, id in ipairs(write.holds) do
    if isShared(id) and not before.isHeld[id] then
      local expiry = endOf(id)
      if not expiry or expiry <= now then
        return 'lease-lost'
      end
    end
  end
end

local released = {}
local changed = {}

local function hold(write, before)
  for _, id in ipairs(before.holds) do
    local isSame = write.isHeld[id] and (before.solo == id) == (write.solo == id)
    if not isSame then
      holds[id .. SEP .. (before.solo == id and '1' or '0') .. SEP .. write.field] = false
    end
    if not write.isHeld[id] then
      if isShared(id) then
        released[id] = true
      else
        ends[id] = false
        changed[id] = true
      end
    end
  end
  for _, id in ipairs(write.holds) do
    local isSame = before.isHeld[id] and (before.solo == id) == (write.solo == id)
    if not isSame then
      holds[id .. SEP .. (write.solo == id and '1' or '0') .. SEP .. write.field] = true
    end
  end
end

local function grant(write)
  for id, forMs in string.gmatch(write.grants, '([^\30]+)\30(%d+)') do
    if write.isHeld[id] and not isShared(id) then
      local expiry = endOf(id)
      if not expiry or expiry > now then
        ends[id] = math.max(expiry or 0, now + tonumber(forMs))
        changed[id] = true
      end
    end
  end
end

-- Against the store's own copy: a release that knows other lists leaves nothing behind.
local function index(write, before)
  local middle = SEP .. before.status .. SEP .. before.solo .. SEP .. write.user
  for _, scope in ipairs(before.scopes) do
    entries[write.tenant .. SEP .. scope .. middle] = false
  end
  middle = SEP .. write.status .. SEP .. write.solo .. SEP .. write.user
  for _, scope in ipairs(write.scopes) do
    entries[write.tenant .. SEP .. scope .. middle] = true
  end
end

local function isListedAsBefore(write, before)
  return write.status == before.status and write.solo == before.solo and write.scopeList == before.scopeList
end

local function put(write, before)
  if write.holdList ~= before.holdList or write.solo ~= before.solo then
    hold(write, before)
  end
  if write.grants ~= '' then
    grant(write)
  end
  if not isListedAsBefore(write, before) then
    index(write, before)
  end
  if write.deadline ~= before.deadline then
    deadlines[write.field] = write.deadline ~= '' and write.deadline
  end
  if write.record == '' then
    records[write.field] = false
  else
    local header = {write.revision, write.status, write.deadline, write.solo, write.holdList, write.scopeList, write.record}
    records[write.field] = table.concat(header, SEP)
  end
  changed[write.field] = true
end

local function publish(write)
  local number = numbers[write.tenant]
  number = (number or tonumber(redis.call('HGET', SEQ, write.tenant) or 0)) + 1
  numbers[write.tenant] = number
  local known = {}
  for place, id in ipairs(write.holds) do
    local expiry = endOf(id)
    known[place] = expiry and integer(expiry) or ''
  end
  messages[#messages + 1] = write.tenant
  messages[#messages + 1] = table.concat(
    {'c', integer(number), integer(now), write.user, write.holdList, table.concat(known, ','), write.steps, write.record}, SEP)
end

local function writeAt(first)
  local field = ARGV[first]
  local between = string.find(field, SEP, 1, true)
  local holdList, scopeList = ARGV[first + 7], ARGV[first + 9]
  local held, isHeld = listOf(holdList)
  return {
    field = field, tenant = string.sub(field, 1, between - 1), user = string.sub(field, between + 1),
    base = ARGV[first + 1], validUntil = ARGV[first + 2], revision = ARGV[first + 3],
    status = ARGV[first + 4], deadline = ARGV[first + 5], solo = ARGV[first + 6],
    holdList = holdList, holds = held, isHeld = isHeld, grants = ARGV[first + 8],
    scopeList = scopeList, scopes = listOf(scopeList), steps = ARGV[first + 10], record = ARGV[first + 11],
  }
end

local ABSENT = {
  revision = '0', status = '', deadline = '', solo = '', holdList = '', scopeList = '',
  holds = NOTHING, isHeld = NOTHING, scopes = NOTHING,
}

local function decoded(value)
  if not value then
    return ABSENT
  end
  local revision, status, deadline, solo, holdList, scopeList = string.match(value, HEADER)
  local held, isHeld = listOf(holdList)
  return {
    revision = revision, status = status, deadline = deadline, solo = solo, holdList = holdList,
    scopeList = scopeList, holds = held, isHeld = isHeld, scopes = listOf(scopeList),
  }
end

prepare()
local answer = {now, epoch}
for first = 2, #ARGV, PARTS do
  local write = writeAt(first)
  local value = records[write.field]
  local before = decoded(value)
  local reason = refusal(write, before)
  answer[#answer + 1] = reason or 'ok'
  if reason then
    local known = {}
    for place, id in ipairs(before.holds) do
      local expiry = endOf(id)
      known[place] = expiry and integer(expiry) or ''
    end
    answer[#answer + 1] = value
    answer[#answer + 1] = table.concat(known, ',')
  else
    if value or write.record ~= '' then
      put(write, before)
    end
    publish(write)
  end
end

-- In pieces that Lua can pass on.
local function inPieces(command, key, items, size)
  for from = 1, #items, size do
    redis.call(command, key, unpack(items, from, math.min(from + size - 1, #items)))
  end
end

local function writeSet(key, members)
  local added, removed = {}, {}
  for member, isThere in pairs(members) do
    if isThere then
      added[#added + 1] = isThere == true and 0 or isThere
      added[#added + 1] = member
    else
      removed[#removed + 1] = member
    end
  end
  inPieces('ZREM', key, removed, 1000)
  inPieces('ZADD', key, added, 1000)
end

local leases = {}
local kept, gone = {}, {}
for name in pairs(changed) do
  local value = records[name]
  if value == nil then
    leases[name] = ends[name]
    if ends[name] then
      remember(name, ends[name])
    elseif #amnesties > 0 then
      redis.call('ZREM', FRESH, name)
    end
  elseif value then
    kept[#kept + 1] = name
    kept[#kept + 1] = value
  else
    gone[#gone + 1] = name
  end
end
inPieces('HDEL', REC, gone, 1000)
inPieces('HSET', REC, kept, 1000)
writeSet(OWN, leases)
writeSet(HOLD, holds)
writeSet(IDX, entries)
writeSet(DUE, deadlines)
for id in pairs(released) do
  local expiry = endOf(id)
  if expiry and expiry <= now and holdersOf(id) == 0 then
    dropLease(id)
  end
end

for tenant, number in pairs(numbers) do
  redis.call('HSET', SEQ, tenant, integer(number))
end
-- Who still listens goes on counting; `due` forgets the number of a tenant that stays without users.
for _, field in ipairs(gone) do
  local tenant = string.sub(field, 1, string.find(field, SEP, 1, true) - 1)
  local lead = tenant .. SEP
  if not redis.call('ZRANGEBYLEX', IDX, '[' .. lead, '(' .. lead .. LAST, 'LIMIT', 0, 1)[1] then
    redis.call('ZADD', GONE, now, tenant)
  end
end
for place = 1, #messages, 2 do
  redis.call(ARGV[1], CHANNEL .. messages[place], messages[place + 1])
end
return answer
