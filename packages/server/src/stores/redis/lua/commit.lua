-- Writes of users, each all or nothing: compare-and-set by revision, before its end, on living shared leases.
-- KEYS  the partition's (shared/keys.lua)
-- ARGV  PUBLISH or SPUBLISH, then for each write:
--       tenant|user · base · valid until or '' · revision, '' deletes · head (shared/records.lua) ·
--       grants (lease, ms, …) · steps · record
-- out   { at, epoch, then for each refused write: its place from 0, reason, value or nothing, ends of its leases }
-- include: clock, records, pardon
local PARTS = 8

-- What this script makes true, gathered and written at its end in a few large commands. `false` takes away.
local records, entries, holds, deadlines, messages = {}, {}, {}, {}, {}
local changed, renewed, released = {}, {}, {}

-- The clock and a few leases are told again and again.
local texts = {}
local function textOf(number)
  local text = texts[number]
  if not text then
    text = integer(number)
    texts[number] = text
  end
  return text
end

-- When leases end, and the same as text; `false`, '': there is none.
local ends, endTexts = {}, {}

local function setEnd(id, expiry)
  ends[id] = expiry or false
  endTexts[id] = expiry and textOf(expiry) or ''
end

local function endOf(id)
  if ends[id] == nil then
    setEnd(id, expiryOf(id))
  end
  return ends[id]
end

local function endTextOf(id)
  if not endTexts[id] then
    endOf(id)
  end
  return endTexts[id]
end

local function endsOf(list)
  if list == '' then
    return ''
  elseif not string.find(list, LIST, 1, true) then
    return endTextOf(list)
  end
  local known = {}
  for id in string.gmatch(list, '[^\30]+') do
    known[#known + 1] = endTextOf(id)
  end
  return table.concat(known, ',')
end

-- Everything that is stored of the batch, asked for at once.
local function prepare()
  local fields, own = {}, {}
  for first = 2, #ARGV, PARTS do
    fields[#fields + 1] = ARGV[first]
    for id in string.gmatch(holdsIn(ARGV[first + 4]), '[^\30]+') do
      if not isShared(id) then
        own[#own + 1] = id
      end
    end
  end
  for index, value in ipairs(redis.call('HMGET', REC, unpack(fields))) do
    records[fields[index]] = value
  end
  for from = 1, #own, 1000 do
    local to = math.min(from + 999, #own)
    for index, score in ipairs(redis.call('ZMSCORE', OWN, unpack(own, from, to))) do
      local id = own[from + index - 1]
      setEnd(id, score and ending(id, tonumber(score)))
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

-- What head and revision say, for a write that changes more than the record.
local function understood(revision, head)
  local holdList, status, deadline, solo, scopeList = fieldsOf(head)
  local held, isHeld = listOf(holdList)
  return {
    revision = revision, holdList = holdList, holds = held, isHeld = isHeld, status = status, deadline = deadline,
    solo = solo, scopeList = scopeList, scopes = listOf(scopeList),
  }
end

local ABSENT = {
  revision = '0', holdList = '', holds = NOTHING, isHeld = NOTHING, status = '', deadline = '', solo = '',
  scopeList = '', scopes = NOTHING,
}

local function storedAs(value)
  if not value then
    return ABSENT
  end
  local between = string.find(value, SEP, 1, true)
  return understood(string.sub(value, 1, between - 1), string.sub(value, between + 1))
end

local function writeAt(first)
  local write = understood(ARGV[first + 3], ARGV[first + 4])
  local field = ARGV[first]
  local between = string.find(field, SEP, 1, true)
  write.field, write.tenant, write.user = field, string.sub(field, 1, between - 1), string.sub(field, between + 1)
  write.base, write.grants = ARGV[first + 1], ARGV[first + 5]
  return write
end

local function isLate(validUntil)
  return validUntil ~= '' and now >= tonumber(validUntil)
end

local function refusal(write, before, validUntil)
  if before.revision ~= write.base then
    return 'conflict'
  end
  if isLate(validUntil) then
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
        setEnd(id, nil)
        renewed[id] = true
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
        setEnd(id, math.max(expiry or 0, now + tonumber(forMs)))
        renewed[id] = true
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

-- What changes beside the record.
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
end

local tenant, lead, told = nil, nil, nil
local function publish(first, value)
  local field = ARGV[first]
  if not lead or string.sub(field, 1, #lead) ~= lead then
    tenant = string.sub(field, 1, string.find(field, SEP, 1, true) - 1)
    lead = tenant .. SEP
    told = messages[tenant] or {}
    messages[tenant] = told
  end
  local last = #told
  told[last + 1] = field
  told[last + 2] = endsOf(holdsIn(ARGV[first + 4]))
  told[last + 3] = ARGV[first + 6]
  told[last + 4] = value
end

-- Nothing changes but the record: the usual case, in a fraction of the time.
local function isPlain(first, value)
  if not value or ARGV[first + 5] ~= '' or ARGV[first + 7] == '' or isLate(ARGV[first + 2]) then
    return false
  end
  local same = ARGV[first + 1] .. SEP .. ARGV[first + 4]
  return string.sub(value, 1, #same) == same
end

-- The reason why a write is refused, or nothing: then what it changes is gathered.
local function take(first, value)
  if isPlain(first, value) then
    return nil
  end
  local write, before = writeAt(first), storedAs(value)
  local reason = refusal(write, before, ARGV[first + 2])
  if not reason then
    put(write, before)
  end
  return reason
end

prepare()
local answer = {now, epoch}
for first = 2, #ARGV, PARTS do
  local field = ARGV[first]
  local stored = records[field]
  local reason = take(first, stored)
  if reason then
    local last = #answer
    answer[last + 1] = (first - 2) / PARTS
    answer[last + 2] = reason
    answer[last + 3] = stored
    answer[last + 4] = stored and endsOf(holdsIn(stored, true)) or ''
  else
    local value = table.concat({ARGV[first + 3], SEP, ARGV[first + 4], ARGV[first + 7]})
    local isThere = ARGV[first + 7] ~= ''
    if stored or isThere then
      records[field] = isThere and value
      changed[field] = true
    end
    publish(first, value)
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
      added[#added + 1] = isThere == true and '0' or isThere
      added[#added + 1] = member
    else
      removed[#removed + 1] = member
    end
  end
  inPieces('ZREM', key, removed, 1000)
  inPieces('ZADD', key, added, 1000)
end

local leases = {}
for id in pairs(renewed) do
  leases[id] = ends[id] and endTexts[id]
  if ends[id] then
    remember(id, ends[id])
  elseif #amnesties > 0 then
    redis.call('ZREM', FRESH, id)
  end
end
local kept, gone = {}, {}
for field in pairs(changed) do
  local value = records[field]
  if value then
    kept[#kept + 1] = field
    kept[#kept + 1] = value
  else
    gone[#gone + 1] = field
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

-- Who still listens goes on counting; `due` forgets the number of a tenant that stays without users.
for _, field in ipairs(gone) do
  local name = string.sub(field, 1, string.find(field, SEP, 1, true) - 1)
  local first = name .. SEP
  if not redis.call('ZRANGEBYLEX', IDX, '[' .. first, '(' .. first .. LAST, 'LIMIT', 0, 1)[1] then
    redis.call('ZADD', GONE, now, name)
  end
end
-- One message for each tenant: its changes, numbered from the first on.
for name, changes in pairs(messages) do
  local count = #changes / 4
  local number = redis.call('HINCRBY', SEQ, name, count) - count + 1
  local head = {'c', integer(number), integer(now), ''}
  redis.call(ARGV[1], CHANNEL .. name, table.concat(head, SEP) .. table.concat(changes, SEP))
end
return answer
