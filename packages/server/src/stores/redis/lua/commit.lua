-- Writes of users, each all or nothing: compare-and-set by revision, before its end, on living shared leases.
-- KEYS  the partition's (shared/keys.lua)
-- ARGV  PUBLISH or SPUBLISH, then for each write:
--       tenant|user · base · valid until or '' · revision · status · deadline or '' · solo or '' · holds ·
--       grants (lease, ms, …) · scopes · steps as JSON · record as JSON, '' deletes
-- out   { at, epoch, then for each write: 'ok', or reason, value or nothing, ends of its leases }
-- include: clock, records, pardon
local PARTS = 12

local function listOf(text)
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
      local expiry = expiryOf(id)
      if not expiry or expiry <= now then
        return 'lease-lost'
      end
    end
  end
end

local function hold(write, before)
  local function member(id, solo)
    return id .. SEP .. (solo == id and '1' or '0') .. SEP .. write.field
  end
  for _, id in ipairs(before.holds) do
    if not write.isHeld[id] or (before.solo == id) ~= (write.solo == id) then
      redis.call('ZREM', HOLD, member(id, before.solo))
    end
  end
  for _, id in ipairs(write.holds) do
    if not before.isHeld[id] or (before.solo == id) ~= (write.solo == id) then
      redis.call('ZADD', HOLD, 0, member(id, write.solo))
    end
  end
  for _, id in ipairs(before.holds) do
    if not write.isHeld[id] then
      if not isShared(id) then
        dropLease(id)
      else
        local expiry = expiryOf(id)
        if expiry and expiry <= now and holdersOf(id) == 0 then
          dropLease(id)
        end
      end
    end
  end
end

local function grant(write)
  for id, forMs in string.gmatch(write.grants, '([^\30]+)\30(%d+)') do
    if write.isHeld[id] and not isShared(id) then
      local expiry = expiryOf(id)
      if not expiry or expiry > now then
        writeLease(id, math.max(expiry or 0, now + tonumber(forMs)))
      end
    end
  end
end

-- Against the store's own copy: a release that knows other lists leaves nothing behind.
local function index(write, before)
  local old = {}
  for _, scope in ipairs(before.scopes) do
    old[write.tenant .. SEP .. scope .. SEP .. before.status .. SEP .. before.solo .. SEP .. write.user] = true
  end
  for _, scope in ipairs(write.scopes) do
    local entry = write.tenant .. SEP .. scope .. SEP .. write.status .. SEP .. write.solo .. SEP .. write.user
    if old[entry] then
      old[entry] = nil
    else
      redis.call('ZADD', IDX, 0, entry)
    end
  end
  for entry in pairs(old) do
    redis.call('ZREM', IDX, entry)
  end
end

local function put(write, before)
  hold(write, before)
  grant(write)
  index(write, before)
  if write.deadline == '' then
    if before.deadline ~= '' then
      redis.call('ZREM', DUE, write.field)
    end
  elseif write.deadline ~= before.deadline then
    redis.call('ZADD', DUE, write.deadline, write.field)
  end
  if write.record == '' then
    redis.call('HDEL', REC, write.field)
    return
  end
  local header = {write.revision, write.status, write.deadline, write.solo, write.holdList, write.scopeList, write.record}
  redis.call('HSET', REC, write.field, table.concat(header, SEP))
end

local function publish(write)
  local number = redis.call('HINCRBY', SEQ, write.tenant, 1)
  local parts = {'c', integer(number), integer(now), write.user, write.holdList, endsOf(write.holdList), write.steps, write.record}
  redis.call(ARGV[1], CHANNEL .. write.tenant, table.concat(parts, SEP))
  -- Who still listens goes on counting; `due` forgets the number of a tenant that stays without users.
  if write.record == '' then
    local lead = write.tenant .. SEP
    if not redis.call('ZRANGEBYLEX', IDX, '[' .. lead, '(' .. lead .. LAST, 'LIMIT', 0, 1)[1] then
      redis.call('ZADD', GONE, now, write.tenant)
    end
  end
end

local function writeAt(first)
  local write = {
    field = ARGV[first], base = ARGV[first + 1], validUntil = ARGV[first + 2], revision = ARGV[first + 3],
    status = ARGV[first + 4], deadline = ARGV[first + 5], solo = ARGV[first + 6], holdList = ARGV[first + 7],
    grants = ARGV[first + 8], scopeList = ARGV[first + 9], steps = ARGV[first + 10], record = ARGV[first + 11],
  }
  local between = string.find(write.field, SEP, 1, true)
  write.tenant, write.user = string.sub(write.field, 1, between - 1), string.sub(write.field, between + 1)
  write.holds, write.isHeld = listOf(write.holdList)
  write.scopes = listOf(write.scopeList)
  return write
end

local function storedAs(value)
  if not value then
    return {revision = '0', status = '', deadline = '', solo = '', holds = {}, isHeld = {}, scopes = {}}
  end
  local before = {}
  local holds, scopes
  before.revision, before.status, before.deadline, before.solo, holds, scopes = string.match(value, HEADER)
  before.holds, before.isHeld = listOf(holds)
  before.scopes = listOf(scopes)
  return before
end

local answer = {now, epoch}
for first = 2, #ARGV, PARTS do
  local write = writeAt(first)
  local value = redis.call('HGET', REC, write.field)
  local before = storedAs(value)
  local reason = refusal(write, before)
  answer[#answer + 1] = reason or 'ok'
  if reason then
    tell(answer, value)
  else
    if value or write.record ~= '' then
      put(write, before)
    end
    publish(write)
  end
end
return answer
