// Made from lua/ by the build; `npm run build` brings it up to date. Edit the Lua files instead.

/** Gives every script its instant: the clock of the server that runs it. */
export const SERVER_CLOCK: string = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** Each operation of the store, without its clock. */
export const SCRIPTS = Object.freeze({
  commit: `
local REC, OWN, NODE, DUE, HOLD = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local IDX, SEQ, META, FRESH, CLAIM, GONE = KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11]
local CHANNEL = KEYS[12]
local SEP, LIST, LAST = '\\31', '\\30', '\\255'
local function integer(number)
  return string.format('%.0f', number)
end
local meta = redis.call('HMGET', META, 'epoch', 'pulse', 'amnesty')
if not meta[1] then
  return {'data-lost'}
end
local epoch, pulse = meta[1], tonumber(meta[2])
if now < pulse and pulse - now <= 5000 then
  now = pulse
end
local isOld = now - pulse > 5000
local SHARED, OWNED = 2, 3
local amnesties = {}
for alive, shared, own in string.gmatch(meta[3] or '', '(%d+):(%d+):(%d+)') do
  amnesties[#amnesties + 1] = {tonumber(alive), tonumber(shared), tonumber(own)}
end
local function isShared(id)
  return string.byte(id) == 115
end
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
local function expiryOf(id)
  local score = redis.call('ZSCORE', isShared(id) and NODE or OWN, id)
  return score and ending(id, tonumber(score))
end
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
local function endedShared()
  local ended = redis.call('ZRANGEBYSCORE', NODE, '-inf', endedUpTo(SHARED))
  for _, id in ipairs(endedFresh(SHARED)) do
    ended[#ended + 1] = id
  end
  return ended
end
local HEAD = '^([^\\31]*)\\31(%d)\\31([^\\31]*)\\31([^\\31]*)\\31([^\\31]*)\\31'
local function fieldsOf(head)
  local holds, status, deadline, solo, scopes = string.match(head, HEAD)
  return holds, status, deadline, solo == '=' and holds or solo, scopes
end
local function headOf(value)
  return string.sub(value, string.find(value, SEP, 1, true) + 1)
end
local function holdsIn(text, isValue)
  local first = isValue and string.find(text, SEP, 1, true) + 1 or 1
  return string.sub(text, first, string.find(text, SEP, first, true) - 1)
end
local function scoresOf(key, ids, into)
  local isPlain = #amnesties == 0
  for from = 1, #ids, 1000 do
    local to = math.min(from + 999, #ids)
    for index, score in ipairs(redis.call('ZMSCORE', key, unpack(ids, from, to))) do
      local id = ids[from + index - 1]
      into[id] = score and (isPlain and score or integer(ending(id, tonumber(score)))) or ''
    end
  end
end
local function tellAll(answer, values, before)
  local own, shared, ends, holds = {}, {}, {[''] = ''}, {}
  for index = 1, #values do
    local value = values[index]
    local held = value and holdsIn(value, true) or ''
    holds[index] = held
    if held ~= '' then
      for id in string.gmatch(held, '[^\\30]+') do
        if not ends[id] then
          ends[id] = ''
          local ids = isShared(id) and shared or own
          ids[#ids + 1] = id
        end
      end
    end
  end
  scoresOf(OWN, own, ends)
  scoresOf(NODE, shared, ends)
  local last = #answer
  for index = 1, #values do
    if before then
      last = last + 1
      answer[last] = before[index]
    end
    answer[last + 1] = values[index]
    local held = holds[index]
    answer[last + 2] = ends[held] or (string.gsub(held, '([^\\30]+)(\\30?)', function(id, more)
      return ends[id] .. (more == '' and '' or ',')
    end))
    last = last + 2
  end
end
if isOld then
  amnesties[#amnesties + 1] = {pulse, now + 30000, now + 75000}
  local texts = {}
  for index, amnesty in ipairs(amnesties) do
    texts[index] = integer(amnesty[1]) .. ':' .. integer(amnesty[SHARED]) .. ':' .. integer(amnesty[OWNED])
  end
  redis.call('HSET', META, 'pulse', integer(now), 'amnesty', table.concat(texts, ','))
end
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
local PARTS = 8
local records, entries, holds, deadlines, messages = {}, {}, {}, {}, {}
local changed, renewed, released = {}, {}, {}
local texts = {}
local function textOf(number)
  local text = texts[number]
  if not text then
    text = integer(number)
    texts[number] = text
  end
  return text
end
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
  for id in string.gmatch(list, '[^\\30]+') do
    known[#known + 1] = endTextOf(id)
  end
  return table.concat(known, ',')
end
local function prepare()
  local fields, own = {}, {}
  for first = 2, #ARGV, PARTS do
    fields[#fields + 1] = ARGV[first]
    for id in string.gmatch(holdsIn(ARGV[first + 4]), '[^\\30]+') do
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
  for item in string.gmatch(text, '[^\\30]+') do
    list[#list + 1] = item
    isIn[item] = true
  end
  return list, isIn
end
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
  for id, forMs in string.gmatch(write.grants, '([^\\30]+)\\30(%d+)') do
    if write.isHeld[id] and not isShared(id) then
      local expiry = endOf(id)
      if not expiry or expiry > now then
        setEnd(id, math.max(expiry or 0, now + tonumber(forMs)))
        renewed[id] = true
      end
    end
  end
end
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
local function isPlain(first, value)
  if not value or ARGV[first + 5] ~= '' or ARGV[first + 7] == '' or isLate(ARGV[first + 2]) then
    return false
  end
  local same = ARGV[first + 1] .. SEP .. ARGV[first + 4]
  return string.sub(value, 1, #same) == same
end
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
for _, field in ipairs(gone) do
  local name = string.sub(field, 1, string.find(field, SEP, 1, true) - 1)
  local first = name .. SEP
  if not redis.call('ZRANGEBYLEX', IDX, '[' .. first, '(' .. first .. LAST, 'LIMIT', 0, 1)[1] then
    redis.call('ZADD', GONE, now, name)
  end
end
for name, changes in pairs(messages) do
  local count = #changes / 4
  local number = redis.call('HINCRBY', SEQ, name, count) - count + 1
  local head = {'c', integer(number), integer(now), ''}
  redis.call(ARGV[1], CHANNEL .. name, table.concat(head, SEP) .. table.concat(changes, SEP))
end
return answer
`,
  copy: `
local REC, OWN, NODE, DUE, HOLD = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local IDX, SEQ, META, FRESH, CLAIM, GONE = KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11]
local CHANNEL = KEYS[12]
local SEP, LIST, LAST = '\\31', '\\30', '\\255'
local function integer(number)
  return string.format('%.0f', number)
end
local meta = redis.call('HMGET', META, 'epoch', 'pulse', 'amnesty')
if not meta[1] then
  return {'data-lost'}
end
local epoch, pulse = meta[1], tonumber(meta[2])
if now < pulse and pulse - now <= 5000 then
  now = pulse
end
local isOld = now - pulse > 5000
local SHARED, OWNED = 2, 3
local amnesties = {}
for alive, shared, own in string.gmatch(meta[3] or '', '(%d+):(%d+):(%d+)') do
  amnesties[#amnesties + 1] = {tonumber(alive), tonumber(shared), tonumber(own)}
end
local function isShared(id)
  return string.byte(id) == 115
end
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
local function expiryOf(id)
  local score = redis.call('ZSCORE', isShared(id) and NODE or OWN, id)
  return score and ending(id, tonumber(score))
end
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
local function endedShared()
  local ended = redis.call('ZRANGEBYSCORE', NODE, '-inf', endedUpTo(SHARED))
  for _, id in ipairs(endedFresh(SHARED)) do
    ended[#ended + 1] = id
  end
  return ended
end
if isOld then
  amnesties[#amnesties + 1] = {pulse, now + 30000, now + 75000}
  local texts = {}
  for index, amnesty in ipairs(amnesties) do
    texts[index] = integer(amnesty[1]) .. ':' .. integer(amnesty[SHARED]) .. ':' .. integer(amnesty[OWNED])
  end
  redis.call('HSET', META, 'pulse', integer(now), 'amnesty', table.concat(texts, ','))
end
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
local id, forMs = ARGV[1], tonumber(ARGV[2])
local expiry = expiryOf(id)
local isLiving = expiry and expiry > now
if forMs and ((isLiving and now + forMs > expiry) or (not isLiving and holdersOf(id) == 0)) then
  expiry = now + forMs
  writeLease(id, expiry)
end
return {now, epoch, expiry and math.max(expiry - now, 0) or 0}
`,
  count: `
local REC, OWN, NODE, DUE, HOLD = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local IDX, SEQ, META, FRESH, CLAIM, GONE = KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11]
local CHANNEL = KEYS[12]
local SEP, LIST, LAST = '\\31', '\\30', '\\255'
local function integer(number)
  return string.format('%.0f', number)
end
local meta = redis.call('HMGET', META, 'epoch', 'pulse', 'amnesty')
if not meta[1] then
  return {'data-lost'}
end
local epoch, pulse = meta[1], tonumber(meta[2])
if now < pulse and pulse - now <= 5000 then
  now = pulse
end
local isOld = now - pulse > 5000
local SHARED, OWNED = 2, 3
local amnesties = {}
for alive, shared, own in string.gmatch(meta[3] or '', '(%d+):(%d+):(%d+)') do
  amnesties[#amnesties + 1] = {tonumber(alive), tonumber(shared), tonumber(own)}
end
local function isShared(id)
  return string.byte(id) == 115
end
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
local function expiryOf(id)
  local score = redis.call('ZSCORE', isShared(id) and NODE or OWN, id)
  return score and ending(id, tonumber(score))
end
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
local function endedShared()
  local ended = redis.call('ZRANGEBYSCORE', NODE, '-inf', endedUpTo(SHARED))
  for _, id in ipairs(endedFresh(SHARED)) do
    ended[#ended + 1] = id
  end
  return ended
end
local HEAD = '^([^\\31]*)\\31(%d)\\31([^\\31]*)\\31([^\\31]*)\\31([^\\31]*)\\31'
local function fieldsOf(head)
  local holds, status, deadline, solo, scopes = string.match(head, HEAD)
  return holds, status, deadline, solo == '=' and holds or solo, scopes
end
local function headOf(value)
  return string.sub(value, string.find(value, SEP, 1, true) + 1)
end
local function holdsIn(text, isValue)
  local first = isValue and string.find(text, SEP, 1, true) + 1 or 1
  return string.sub(text, first, string.find(text, SEP, first, true) - 1)
end
local function scoresOf(key, ids, into)
  local isPlain = #amnesties == 0
  for from = 1, #ids, 1000 do
    local to = math.min(from + 999, #ids)
    for index, score in ipairs(redis.call('ZMSCORE', key, unpack(ids, from, to))) do
      local id = ids[from + index - 1]
      into[id] = score and (isPlain and score or integer(ending(id, tonumber(score)))) or ''
    end
  end
end
local function tellAll(answer, values, before)
  local own, shared, ends, holds = {}, {}, {[''] = ''}, {}
  for index = 1, #values do
    local value = values[index]
    local held = value and holdsIn(value, true) or ''
    holds[index] = held
    if held ~= '' then
      for id in string.gmatch(held, '[^\\30]+') do
        if not ends[id] then
          ends[id] = ''
          local ids = isShared(id) and shared or own
          ids[#ids + 1] = id
        end
      end
    end
  end
  scoresOf(OWN, own, ends)
  scoresOf(NODE, shared, ends)
  local last = #answer
  for index = 1, #values do
    if before then
      last = last + 1
      answer[last] = before[index]
    end
    answer[last + 1] = values[index]
    local held = holds[index]
    answer[last + 2] = ends[held] or (string.gsub(held, '([^\\30]+)(\\30?)', function(id, more)
      return ends[id] .. (more == '' and '' or ',')
    end))
    last = last + 2
  end
end
local MOST_OVERDUE = 100
local function isCrowdedFor(lead, fresh, shared)
  local count = #fresh + redis.call('ZCOUNT', DUE, '-inf', now) + redis.call('ZCOUNT', OWN, '-inf', endedUpTo(OWNED))
  for _, id in ipairs(shared) do
    local others = id .. SEP .. '0' .. SEP .. lead
    count = count + redis.call('ZLEXCOUNT', HOLD, '[' .. others, '(' .. others .. LAST)
  end
  return count > MOST_OVERDUE
end
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
      add(string.match(member, '^[^\\31]*\\31.\\31(.*)$'))
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
    local status, solo = string.match(first, '^(%d)\\31([^\\31]*)\\31', #lead + 1)
    local prefix = lead .. status .. SEP .. solo .. SEP
    groups[#groups + 1] = {prefix = prefix, status = shownAs(status, solo)}
    from = '(' .. prefix .. LAST
  end
end
local function isIn(scopes, scope)
  return string.find(LIST .. scopes .. LIST, LIST .. scope .. LIST, 1, true) ~= nil
end
local function valuesOf(fields)
  return #fields > 0 and redis.call('HMGET', REC, unpack(fields)) or {}
end
local tenant, scope = ARGV[1], ARGV[2]
local counts = {['0'] = 0, ['1'] = 0, ['2'] = 0, ['3'] = 0, ['4'] = 0}
for _, group in ipairs(groupsOf(tenant, scope)) do
  local number = redis.call('ZLEXCOUNT', IDX, '[' .. group.prefix, '(' .. group.prefix .. LAST)
  counts[group.status] = counts[group.status] + number
end
local overdue, isCrowded = overdueOf(tenant)
local fields, values = {}, {}
local stored = valuesOf(overdue)
for index, field in ipairs(overdue) do
  local value = stored[index]
  if value then
    local _, status, _, solo, scopes = fieldsOf(headOf(value))
    if isIn(scopes, scope) then
      local shown = shownAs(status, solo)
      counts[shown] = counts[shown] - 1
      fields[#fields + 1], values[#values + 1] = field, value
    end
  end
end
local answer = {now, epoch, isOld and 1 or 0, isCrowded and 1 or 0, counts['0'], counts['1'], counts['2'], counts['3'], counts['4']}
tellAll(answer, values, fields)
return answer
`,
  due: `
local REC, OWN, NODE, DUE, HOLD = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local IDX, SEQ, META, FRESH, CLAIM, GONE = KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11]
local CHANNEL = KEYS[12]
local SEP, LIST, LAST = '\\31', '\\30', '\\255'
local function integer(number)
  return string.format('%.0f', number)
end
local meta = redis.call('HMGET', META, 'epoch', 'pulse', 'amnesty')
if not meta[1] then
  return {'data-lost'}
end
local epoch, pulse = meta[1], tonumber(meta[2])
if now < pulse and pulse - now <= 5000 then
  now = pulse
end
local isOld = now - pulse > 5000
local SHARED, OWNED = 2, 3
local amnesties = {}
for alive, shared, own in string.gmatch(meta[3] or '', '(%d+):(%d+):(%d+)') do
  amnesties[#amnesties + 1] = {tonumber(alive), tonumber(shared), tonumber(own)}
end
local function isShared(id)
  return string.byte(id) == 115
end
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
local function expiryOf(id)
  local score = redis.call('ZSCORE', isShared(id) and NODE or OWN, id)
  return score and ending(id, tonumber(score))
end
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
local function endedShared()
  local ended = redis.call('ZRANGEBYSCORE', NODE, '-inf', endedUpTo(SHARED))
  for _, id in ipairs(endedFresh(SHARED)) do
    ended[#ended + 1] = id
  end
  return ended
end
local HEAD = '^([^\\31]*)\\31(%d)\\31([^\\31]*)\\31([^\\31]*)\\31([^\\31]*)\\31'
local function fieldsOf(head)
  local holds, status, deadline, solo, scopes = string.match(head, HEAD)
  return holds, status, deadline, solo == '=' and holds or solo, scopes
end
local function headOf(value)
  return string.sub(value, string.find(value, SEP, 1, true) + 1)
end
local function holdsIn(text, isValue)
  local first = isValue and string.find(text, SEP, 1, true) + 1 or 1
  return string.sub(text, first, string.find(text, SEP, first, true) - 1)
end
local function scoresOf(key, ids, into)
  local isPlain = #amnesties == 0
  for from = 1, #ids, 1000 do
    local to = math.min(from + 999, #ids)
    for index, score in ipairs(redis.call('ZMSCORE', key, unpack(ids, from, to))) do
      local id = ids[from + index - 1]
      into[id] = score and (isPlain and score or integer(ending(id, tonumber(score)))) or ''
    end
  end
end
local function tellAll(answer, values, before)
  local own, shared, ends, holds = {}, {}, {[''] = ''}, {}
  for index = 1, #values do
    local value = values[index]
    local held = value and holdsIn(value, true) or ''
    holds[index] = held
    if held ~= '' then
      for id in string.gmatch(held, '[^\\30]+') do
        if not ends[id] then
          ends[id] = ''
          local ids = isShared(id) and shared or own
          ids[#ids + 1] = id
        end
      end
    end
  end
  scoresOf(OWN, own, ends)
  scoresOf(NODE, shared, ends)
  local last = #answer
  for index = 1, #values do
    if before then
      last = last + 1
      answer[last] = before[index]
    end
    answer[last + 1] = values[index]
    local held = holds[index]
    answer[last + 2] = ends[held] or (string.gsub(held, '([^\\30]+)(\\30?)', function(id, more)
      return ends[id] .. (more == '' and '' or ',')
    end))
    last = last + 2
  end
end
if isOld then
  amnesties[#amnesties + 1] = {pulse, now + 30000, now + 75000}
  local texts = {}
  for index, amnesty in ipairs(amnesties) do
    texts[index] = integer(amnesty[1]) .. ':' .. integer(amnesty[SHARED]) .. ':' .. integer(amnesty[OWNED])
  end
  redis.call('HSET', META, 'pulse', integer(now), 'amnesty', table.concat(texts, ','))
end
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
local limit, spread = tonumber(ARGV[1]), tonumber(ARGV[2])
local CLAIM_MS = 2000
if not isOld then
  redis.call('HSET', META, 'pulse', integer(now))
end
if #amnesties > 0 then
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
local DAY_MS = 86400000
for _, tenant in ipairs(redis.call('ZRANGEBYSCORE', GONE, '-inf', now - DAY_MS, 'LIMIT', 0, 100)) do
  local lead = tenant .. SEP
  redis.call('ZREM', GONE, tenant)
  if not redis.call('ZRANGEBYLEX', IDX, '[' .. lead, '(' .. lead .. LAST, 'LIMIT', 0, 1)[1] then
    redis.call('HDEL', SEQ, tenant)
  end
end
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
`,
  find: `
local REC, OWN, NODE, DUE, HOLD = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local IDX, SEQ, META, FRESH, CLAIM, GONE = KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11]
local CHANNEL = KEYS[12]
local SEP, LIST, LAST = '\\31', '\\30', '\\255'
local function integer(number)
  return string.format('%.0f', number)
end
local meta = redis.call('HMGET', META, 'epoch', 'pulse', 'amnesty')
if not meta[1] then
  return {'data-lost'}
end
local epoch, pulse = meta[1], tonumber(meta[2])
if now < pulse and pulse - now <= 5000 then
  now = pulse
end
local isOld = now - pulse > 5000
local SHARED, OWNED = 2, 3
local amnesties = {}
for alive, shared, own in string.gmatch(meta[3] or '', '(%d+):(%d+):(%d+)') do
  amnesties[#amnesties + 1] = {tonumber(alive), tonumber(shared), tonumber(own)}
end
local function isShared(id)
  return string.byte(id) == 115
end
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
local function expiryOf(id)
  local score = redis.call('ZSCORE', isShared(id) and NODE or OWN, id)
  return score and ending(id, tonumber(score))
end
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
local function endedShared()
  local ended = redis.call('ZRANGEBYSCORE', NODE, '-inf', endedUpTo(SHARED))
  for _, id in ipairs(endedFresh(SHARED)) do
    ended[#ended + 1] = id
  end
  return ended
end
local HEAD = '^([^\\31]*)\\31(%d)\\31([^\\31]*)\\31([^\\31]*)\\31([^\\31]*)\\31'
local function fieldsOf(head)
  local holds, status, deadline, solo, scopes = string.match(head, HEAD)
  return holds, status, deadline, solo == '=' and holds or solo, scopes
end
local function headOf(value)
  return string.sub(value, string.find(value, SEP, 1, true) + 1)
end
local function holdsIn(text, isValue)
  local first = isValue and string.find(text, SEP, 1, true) + 1 or 1
  return string.sub(text, first, string.find(text, SEP, first, true) - 1)
end
local function scoresOf(key, ids, into)
  local isPlain = #amnesties == 0
  for from = 1, #ids, 1000 do
    local to = math.min(from + 999, #ids)
    for index, score in ipairs(redis.call('ZMSCORE', key, unpack(ids, from, to))) do
      local id = ids[from + index - 1]
      into[id] = score and (isPlain and score or integer(ending(id, tonumber(score)))) or ''
    end
  end
end
local function tellAll(answer, values, before)
  local own, shared, ends, holds = {}, {}, {[''] = ''}, {}
  for index = 1, #values do
    local value = values[index]
    local held = value and holdsIn(value, true) or ''
    holds[index] = held
    if held ~= '' then
      for id in string.gmatch(held, '[^\\30]+') do
        if not ends[id] then
          ends[id] = ''
          local ids = isShared(id) and shared or own
          ids[#ids + 1] = id
        end
      end
    end
  end
  scoresOf(OWN, own, ends)
  scoresOf(NODE, shared, ends)
  local last = #answer
  for index = 1, #values do
    if before then
      last = last + 1
      answer[last] = before[index]
    end
    answer[last + 1] = values[index]
    local held = holds[index]
    answer[last + 2] = ends[held] or (string.gsub(held, '([^\\30]+)(\\30?)', function(id, more)
      return ends[id] .. (more == '' and '' or ',')
    end))
    last = last + 2
  end
end
local MOST_OVERDUE = 100
local function isCrowdedFor(lead, fresh, shared)
  local count = #fresh + redis.call('ZCOUNT', DUE, '-inf', now) + redis.call('ZCOUNT', OWN, '-inf', endedUpTo(OWNED))
  for _, id in ipairs(shared) do
    local others = id .. SEP .. '0' .. SEP .. lead
    count = count + redis.call('ZLEXCOUNT', HOLD, '[' .. others, '(' .. others .. LAST)
  end
  return count > MOST_OVERDUE
end
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
      add(string.match(member, '^[^\\31]*\\31.\\31(.*)$'))
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
    local status, solo = string.match(first, '^(%d)\\31([^\\31]*)\\31', #lead + 1)
    local prefix = lead .. status .. SEP .. solo .. SEP
    groups[#groups + 1] = {prefix = prefix, status = shownAs(status, solo)}
    from = '(' .. prefix .. LAST
  end
end
local function isIn(scopes, scope)
  return string.find(LIST .. scopes .. LIST, LIST .. scope .. LIST, 1, true) ~= nil
end
local function valuesOf(fields)
  return #fields > 0 and redis.call('HMGET', REC, unpack(fields)) or {}
end
local tenant, scope, statuses, after, limit = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local function isBefore(a, b)
  for place = 1, math.min(#a, #b), 4 do
    local a1, a2, a3, a4 = string.byte(a, place, place + 3)
    local b1, b2, b3, b4 = string.byte(b, place, place + 3)
    if a1 ~= b1 then
      return a1 < b1
    elseif a2 ~= b2 then
      return (a2 or -1) < (b2 or -1)
    elseif a3 ~= b3 then
      return (a3 or -1) < (b3 or -1)
    elseif a4 ~= b4 then
      return (a4 or -1) < (b4 or -1)
    end
  end
  return #a < #b
end
local overdue, isCrowded = overdueOf(tenant)
local isOverdue, late, judged = {}, {}, {}
for _, field in ipairs(overdue) do
  if isBefore(after, string.sub(field, #tenant + 2)) then
    judged[#judged + 1] = field
  end
end
for index, value in ipairs(valuesOf(judged)) do
  if value then
    local user = string.sub(judged[index], #tenant + 2)
    local _, _, _, _, scopes = fieldsOf(headOf(value))
    if isIn(scopes, scope) then
      isOverdue[user] = true
      late[#late + 1] = user
    end
  end
end
table.sort(late, isBefore)
local streams = {{users = late, place = 1}}
for _, group in ipairs(groupsOf(tenant, scope)) do
  if string.find(statuses, group.status, 1, true) then
    local members = redis.call('ZRANGEBYLEX', IDX, '(' .. group.prefix .. after, '(' .. group.prefix .. LAST, 'LIMIT', 0, limit + 1)
    for index, member in ipairs(members) do
      members[index] = string.sub(member, #group.prefix + 1)
    end
    streams[#streams + 1] = {users = members, place = 1}
  end
end
local function nextUser()
  local least
  for _, stream in ipairs(streams) do
    local user = stream.users[stream.place]
    if user and (not least or isBefore(user, least)) then
      least = user
    end
  end
  for _, stream in ipairs(streams) do
    if least and stream.users[stream.place] == least then
      stream.place = stream.place + 1
    end
  end
  return least
end
local answer = {now, epoch, isOld and 1 or 0, 0, isCrowded and 1 or 0}
local users, fields = {}, {}
local user = nextUser()
while user and #fields < limit do
  fields[#fields + 1] = tenant .. SEP .. user
  users[#users + 1] = (isOverdue[user] and '1' or '0') .. user
  user = nextUser()
end
answer[4] = user and 1 or 0
if #fields > 0 then
  tellAll(answer, redis.call('HMGET', REC, unpack(fields)), users)
end
return answer
`,
  load: `
local REC, OWN, NODE, DUE, HOLD = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local IDX, SEQ, META, FRESH, CLAIM, GONE = KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11]
local CHANNEL = KEYS[12]
local SEP, LIST, LAST = '\\31', '\\30', '\\255'
local function integer(number)
  return string.format('%.0f', number)
end
local meta = redis.call('HMGET', META, 'epoch', 'pulse', 'amnesty')
if not meta[1] then
  return {'data-lost'}
end
local epoch, pulse = meta[1], tonumber(meta[2])
if now < pulse and pulse - now <= 5000 then
  now = pulse
end
local isOld = now - pulse > 5000
local SHARED, OWNED = 2, 3
local amnesties = {}
for alive, shared, own in string.gmatch(meta[3] or '', '(%d+):(%d+):(%d+)') do
  amnesties[#amnesties + 1] = {tonumber(alive), tonumber(shared), tonumber(own)}
end
local function isShared(id)
  return string.byte(id) == 115
end
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
local function expiryOf(id)
  local score = redis.call('ZSCORE', isShared(id) and NODE or OWN, id)
  return score and ending(id, tonumber(score))
end
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
local function endedShared()
  local ended = redis.call('ZRANGEBYSCORE', NODE, '-inf', endedUpTo(SHARED))
  for _, id in ipairs(endedFresh(SHARED)) do
    ended[#ended + 1] = id
  end
  return ended
end
local HEAD = '^([^\\31]*)\\31(%d)\\31([^\\31]*)\\31([^\\31]*)\\31([^\\31]*)\\31'
local function fieldsOf(head)
  local holds, status, deadline, solo, scopes = string.match(head, HEAD)
  return holds, status, deadline, solo == '=' and holds or solo, scopes
end
local function headOf(value)
  return string.sub(value, string.find(value, SEP, 1, true) + 1)
end
local function holdsIn(text, isValue)
  local first = isValue and string.find(text, SEP, 1, true) + 1 or 1
  return string.sub(text, first, string.find(text, SEP, first, true) - 1)
end
local function scoresOf(key, ids, into)
  local isPlain = #amnesties == 0
  for from = 1, #ids, 1000 do
    local to = math.min(from + 999, #ids)
    for index, score in ipairs(redis.call('ZMSCORE', key, unpack(ids, from, to))) do
      local id = ids[from + index - 1]
      into[id] = score and (isPlain and score or integer(ending(id, tonumber(score)))) or ''
    end
  end
end
local function tellAll(answer, values, before)
  local own, shared, ends, holds = {}, {}, {[''] = ''}, {}
  for index = 1, #values do
    local value = values[index]
    local held = value and holdsIn(value, true) or ''
    holds[index] = held
    if held ~= '' then
      for id in string.gmatch(held, '[^\\30]+') do
        if not ends[id] then
          ends[id] = ''
          local ids = isShared(id) and shared or own
          ids[#ids + 1] = id
        end
      end
    end
  end
  scoresOf(OWN, own, ends)
  scoresOf(NODE, shared, ends)
  local last = #answer
  for index = 1, #values do
    if before then
      last = last + 1
      answer[last] = before[index]
    end
    answer[last + 1] = values[index]
    local held = holds[index]
    answer[last + 2] = ends[held] or (string.gsub(held, '([^\\30]+)(\\30?)', function(id, more)
      return ends[id] .. (more == '' and '' or ',')
    end))
    last = last + 2
  end
end
local answer = {now, epoch, isOld and 1 or 0}
tellAll(answer, redis.call('HMGET', REC, unpack(ARGV)))
return answer
`,
  nodes: `
local REC, OWN, NODE, DUE, HOLD = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local IDX, SEQ, META, FRESH, CLAIM, GONE = KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11]
local CHANNEL = KEYS[12]
local SEP, LIST, LAST = '\\31', '\\30', '\\255'
local function integer(number)
  return string.format('%.0f', number)
end
local meta = redis.call('HMGET', META, 'epoch', 'pulse', 'amnesty')
if not meta[1] then
  return {'data-lost'}
end
local epoch, pulse = meta[1], tonumber(meta[2])
if now < pulse and pulse - now <= 5000 then
  now = pulse
end
local isOld = now - pulse > 5000
local SHARED, OWNED = 2, 3
local amnesties = {}
for alive, shared, own in string.gmatch(meta[3] or '', '(%d+):(%d+):(%d+)') do
  amnesties[#amnesties + 1] = {tonumber(alive), tonumber(shared), tonumber(own)}
end
local answer = {now, epoch}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', NODE, '(' .. integer(now), '+inf')) do
  answer[#answer + 1] = id
end
return answer
`,
  policy: `
local REC, OWN, NODE, DUE, HOLD = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local IDX, SEQ, META, FRESH, CLAIM, GONE = KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11]
local CHANNEL = KEYS[12]
local SEP, LIST, LAST = '\\31', '\\30', '\\255'
local function integer(number)
  return string.format('%.0f', number)
end
local meta = redis.call('HMGET', META, 'epoch', 'pulse', 'amnesty')
if not meta[1] then
  return {'data-lost'}
end
local epoch, pulse = meta[1], tonumber(meta[2])
if now < pulse and pulse - now <= 5000 then
  now = pulse
end
local isOld = now - pulse > 5000
local SHARED, OWNED = 2, 3
local amnesties = {}
for alive, shared, own in string.gmatch(meta[3] or '', '(%d+):(%d+):(%d+)') do
  amnesties[#amnesties + 1] = {tonumber(alive), tonumber(shared), tonumber(own)}
end
local before = redis.call('HGET', META, 'policy')
if before ~= ARGV[1] then
  redis.call('HSET', META, 'policy', ARGV[1])
end
return {now, epoch, before}
`,
  probe: `
local REC, OWN, NODE, DUE, HOLD = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local IDX, SEQ, META, FRESH, CLAIM, GONE = KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11]
local CHANNEL = KEYS[12]
local SEP, LIST, LAST = '\\31', '\\30', '\\255'
local function integer(number)
  return string.format('%.0f', number)
end
local meta = redis.call('HMGET', META, 'epoch', 'pulse', 'amnesty')
if not meta[1] then
  return {'data-lost'}
end
local epoch, pulse = meta[1], tonumber(meta[2])
if now < pulse and pulse - now <= 5000 then
  now = pulse
end
local isOld = now - pulse > 5000
local SHARED, OWNED = 2, 3
local amnesties = {}
for alive, shared, own in string.gmatch(meta[3] or '', '(%d+):(%d+):(%d+)') do
  amnesties[#amnesties + 1] = {tonumber(alive), tonumber(shared), tonumber(own)}
end
local answer = {now, epoch}
for _, number in ipairs(redis.call('HMGET', SEQ, unpack(ARGV))) do
  answer[#answer + 1] = number or '0'
end
return answer
`,
  renew: `
local REC, OWN, NODE, DUE, HOLD = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local IDX, SEQ, META, FRESH, CLAIM, GONE = KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11]
local CHANNEL = KEYS[12]
local SEP, LIST, LAST = '\\31', '\\30', '\\255'
local function integer(number)
  return string.format('%.0f', number)
end
local meta = redis.call('HMGET', META, 'epoch', 'pulse', 'amnesty')
if not meta[1] then
  return {'data-lost'}
end
local epoch, pulse = meta[1], tonumber(meta[2])
if now < pulse and pulse - now <= 5000 then
  now = pulse
end
local isOld = now - pulse > 5000
local SHARED, OWNED = 2, 3
local amnesties = {}
for alive, shared, own in string.gmatch(meta[3] or '', '(%d+):(%d+):(%d+)') do
  amnesties[#amnesties + 1] = {tonumber(alive), tonumber(shared), tonumber(own)}
end
local function isShared(id)
  return string.byte(id) == 115
end
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
local function expiryOf(id)
  local score = redis.call('ZSCORE', isShared(id) and NODE or OWN, id)
  return score and ending(id, tonumber(score))
end
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
local function endedShared()
  local ended = redis.call('ZRANGEBYSCORE', NODE, '-inf', endedUpTo(SHARED))
  for _, id in ipairs(endedFresh(SHARED)) do
    ended[#ended + 1] = id
  end
  return ended
end
if isOld then
  amnesties[#amnesties + 1] = {pulse, now + 30000, now + 75000}
  local texts = {}
  for index, amnesty in ipairs(amnesties) do
    texts[index] = integer(amnesty[1]) .. ':' .. integer(amnesty[SHARED]) .. ':' .. integer(amnesty[OWNED])
  end
  redis.call('HSET', META, 'pulse', integer(now), 'amnesty', table.concat(texts, ','))
end
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
local forAll = #ARGV == next + count and tonumber(ARGV[#ARGV])
local scores = redis.call('ZMSCORE', OWN, unpack(ARGV, next, next + count - 1))
local extended, last = {}, 0
local endForAll = forAll and now + forAll
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
`,
  start: `
local REC, OWN, NODE, DUE, HOLD = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local IDX, SEQ, META, FRESH, CLAIM, GONE = KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11]
local CHANNEL = KEYS[12]
local SEP, LIST, LAST = '\\31', '\\30', '\\255'
local function integer(number)
  return string.format('%.0f', number)
end
if redis.call('HSETNX', META, 'epoch', ARGV[1]) == 1 then
  redis.call('HSET', META, 'pulse', integer(now), 'partitions', ARGV[2], 'shards', ARGV[3], 'schema', ARGV[4])
end
local meta = redis.call('HMGET', META, 'epoch', 'partitions', 'shards', 'schema')
return {now, meta[1], meta[2], meta[3], meta[4]}
`,
});
