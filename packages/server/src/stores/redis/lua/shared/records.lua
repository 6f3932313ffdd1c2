-- include: leases
-- A stored user: revision, head, record. The head: holds, status, deadline, solo, scopes. A solo of `=` is the one lease held.
local HEAD = '^([^\31]*)\31(%d)\31([^\31]*)\31([^\31]*)\31([^\31]*)\31'

local function fieldsOf(head)
  local holds, status, deadline, solo, scopes = string.match(head, HEAD)
  return holds, status, deadline, solo == '=' and holds or solo, scopes
end

local function headOf(value)
  return string.sub(value, string.find(value, SEP, 1, true) + 1)
end

-- The leases that a head names, or a stored value.
local function holdsIn(text, isValue)
  local first = isValue and string.find(text, SEP, 1, true) + 1 or 1
  return string.sub(text, first, string.find(text, SEP, first, true) - 1)
end

-- Scores of many leases of one kind, asked for at once.
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

-- Appends what `load` tells of each user: the stored value, or nothing, and the ends of the leases that it holds.
-- `before` is appended ahead of each, where it is given.
local function tellAll(answer, values, before)
  local own, shared, ends, holds = {}, {}, {[''] = ''}, {}
  for index = 1, #values do
    local value = values[index]
    local held = value and holdsIn(value, true) or ''
    holds[index] = held
    if held ~= '' then
      for id in string.gmatch(held, '[^\30]+') do
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
    answer[last + 2] = ends[held] or (string.gsub(held, '([^\30]+)(\30?)', function(id, more)
      return ends[id] .. (more == '' and '' or ',')
    end))
    last = last + 2
  end
end
