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
local HEADER = '^(%d+)\\31(%d)\\31(%d*)\\31([^\\31]*)\\31([^\\31]*)\\31([^\\31]*)\\31'
local function endsOf(holds)
  local ends = {}
  for id in string.gmatch(holds, '[^\\30]+') do
    local expiry = expiryOf(id)
    ends[#ends + 1] = expiry and integer(expiry) or ''
  end
  return table.concat(ends, ',')
end
local function holdsOf(value)
  local _, _, _, _, holds = string.match(value, HEADER)
  return holds
end
local function tell(answer, value)
  answer[#answer + 1] = value
  answer[#answer + 1] = value and endsOf(holdsOf(value)) or ''
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
local PARTS = 12
local function listOf(text)
  local list, isIn = {}, {}
  for item in string.gmatch(text, '[^\\30]+') do
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
  for id, forMs in string.gmatch(write.grants, '([^\\30]+)\\30(%d+)') do
    if write.isHeld[id] and not isShared(id) then
      local expiry = expiryOf(id)
      if not expiry or expiry > now then
        writeLease(id, math.max(expiry or 0, now + tonumber(forMs)))
      end
    end
  end
end
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
local HEADER = '^(%d+)\\31(%d)\\31(%d*)\\31([^\\31]*)\\31([^\\31]*)\\31([^\\31]*)\\31'
local function endsOf(holds)
  local ends = {}
  for id in string.gmatch(holds, '[^\\30]+') do
    local expiry = expiryOf(id)
    ends[#ends + 1] = expiry and integer(expiry) or ''
  end
  return table.concat(ends, ',')
end
local function holdsOf(value)
  local _, _, _, _, holds = string.match(value, HEADER)
  return holds
end
local function tell(answer, value)
  answer[#answer + 1] = value
  answer[#answer + 1] = value and endsOf(holdsOf(value)) or ''
end
local MOST_OVERDUE = 1000
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
local tenant, scope, most = ARGV[1], ARGV[2], tonumber(ARGV[3])
local counts = {['0'] = 0, ['1'] = 0, ['2'] = 0, ['3'] = 0, ['4'] = 0}
for _, group in ipairs(groupsOf(tenant, scope)) do
  local number = redis.call('ZLEXCOUNT', IDX, '[' .. group.prefix, '(' .. group.prefix .. LAST)
  counts[group.status] = counts[group.status] + number
end
local overdue, isMore = overdueOf(tenant)
local told, items = 0, {}
for _, field in ipairs(overdue) do
  local value = redis.call('HGET', REC, field)
  if value then
    local _, status, _, solo, _, scopes = string.match(value, HEADER)
    if isIn(scopes, scope) then
      local shown = shownAs(status, solo)
      counts[shown] = counts[shown] - 1
      told = told + 1
      if told <= most then
        items[#items + 1] = field
        tell(items, value)
      else
        isMore = true
      end
    end
  end
end
local answer = {now, epoch, isOld and 1 or 0, isMore and 1 or 0, counts['0'], counts['1'], counts['2'], counts['3'], counts['4']}
for _, item in ipairs(items) do
  answer[#answer + 1] = item
end
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
local HEADER = '^(%d+)\\31(%d)\\31(%d*)\\31([^\\31]*)\\31([^\\31]*)\\31([^\\31]*)\\31'
local function endsOf(holds)
  local ends = {}
  for id in string.gmatch(holds, '[^\\30]+') do
    local expiry = expiryOf(id)
    ends[#ends + 1] = expiry and integer(expiry) or ''
  end
  return table.concat(ends, ',')
end
local function holdsOf(value)
  local _, _, _, _, holds = string.match(value, HEADER)
  return holds
end
local function tell(answer, value)
  answer[#answer + 1] = value
  answer[#answer + 1] = value and endsOf(holdsOf(value)) or ''
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
for _, field in ipairs(found) do
  answer[#answer + 1] = field
  tell(answer, redis.call('HGET', REC, field))
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
local HEADER = '^(%d+)\\31(%d)\\31(%d*)\\31([^\\31]*)\\31([^\\31]*)\\31([^\\31]*)\\31'
local function endsOf(holds)
  local ends = {}
  for id in string.gmatch(holds, '[^\\30]+') do
    local expiry = expiryOf(id)
    ends[#ends + 1] = expiry and integer(expiry) or ''
  end
  return table.concat(ends, ',')
end
local function holdsOf(value)
  local _, _, _, _, holds = string.match(value, HEADER)
  return holds
end
local function tell(answer, value)
  answer[#answer + 1] = value
  answer[#answer + 1] = value and endsOf(holdsOf(value)) or ''
end
local MOST_OVERDUE = 1000
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
local tenant, scope, statuses, after, limit = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local function isBefore(a, b)
  local most = math.min(#a, #b)
  for place = 1, most do
    local x, y = string.byte(a, place), string.byte(b, place)
    if x ~= y then
      return x < y
    end
  end
  return #a < #b
end
local overdue, isCrowded = overdueOf(tenant)
local isOverdue, late = {}, {}
for _, field in ipairs(overdue) do
  local user = string.sub(field, #tenant + 2)
  local value = isBefore(after, user) and redis.call('HGET', REC, field)
  if value then
    local _, _, _, _, _, scopes = string.match(value, HEADER)
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
local taken = 0
local user = nextUser()
while user and taken < limit do
  answer[#answer + 1] = user
  answer[#answer + 1] = isOverdue[user] and 1 or 0
  tell(answer, redis.call('HGET', REC, tenant .. SEP .. user))
  taken = taken + 1
  user = nextUser()
end
answer[4] = user and 1 or 0
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
local HEADER = '^(%d+)\\31(%d)\\31(%d*)\\31([^\\31]*)\\31([^\\31]*)\\31([^\\31]*)\\31'
local function endsOf(holds)
  local ends = {}
  for id in string.gmatch(holds, '[^\\30]+') do
    local expiry = expiryOf(id)
    ends[#ends + 1] = expiry and integer(expiry) or ''
  end
  return table.concat(ends, ',')
end
local function holdsOf(value)
  local _, _, _, _, holds = string.match(value, HEADER)
  return holds
end
local function tell(answer, value)
  answer[#answer + 1] = value
  answer[#answer + 1] = value and endsOf(holdsOf(value)) or ''
end
local answer = {now, epoch, isOld and 1 or 0}
for _, value in ipairs(redis.call('HMGET', REC, unpack(ARGV))) do
  tell(answer, value)
end
return answer
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
  local id, forMs, mayCreate = ARGV[next], tonumber(ARGV[next + 1]), ARGV[next + 2] == '1'
  next = next + 3
  local expiry = expiryOf(id)
  local isLost = isLate or (expiry and expiry <= now) or (not expiry and not mayCreate)
  if not isLost and (not expiry or now + forMs > expiry) then
    writeLease(id, now + forMs)
  end
  answer[#answer + 1] = isLost and -1 or holdersOf(id)
end
local count = tonumber(ARGV[3])
if count == 0 then
  return answer
end
local forAll = #ARGV == next + count and tonumber(ARGV[#ARGV])
local scores = redis.call('ZMSCORE', OWN, unpack(ARGV, next, next + count - 1))
local extended = {}
for place = 1, count do
  local id, score = ARGV[next + place - 1], tonumber(scores[place] or 0)
  local expiry = #amnesties == 0 and score or ending(id, score)
  if isLate or expiry <= now then
    answer[#answer + 1] = place - 1
  else
    local ends = now + (forAll or tonumber(ARGV[next + count + place - 1]))
    if ends > expiry then
      extended[#extended + 1] = ends
      extended[#extended + 1] = id
      remember(id, ends)
    end
  end
end
if #extended > 0 then
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
