-- include: leases
-- A stored user: revision, status, deadline, solo, holds, scopes, record.
local HEADER = '^(%d+)\31(%d)\31(%d*)\31([^\31]*)\31([^\31]*)\31([^\31]*)\31'

local HOLDS = '^%d+\31%d\31%d*\31[^\31]*\31([^\31]*)\31'

-- Scores of many leases of one kind, asked for at once.
local function scoresOf(key, ids, into)
  for from = 1, #ids, 1000 do
    local to = math.min(from + 999, #ids)
    for index, score in ipairs(redis.call('ZMSCORE', key, unpack(ids, from, to))) do
      local id = ids[from + index - 1]
      into[id] = score and integer(ending(id, tonumber(score))) or ''
    end
  end
end

-- Appends what `load` tells of each user: the stored value, or nothing, and the ends of the leases that it holds.
-- `before` is appended ahead of each, where it is given.
local function tellAll(answer, values, before)
  local own, shared, ends = {}, {}, {}
  for index = 1, #values do
    local holds = values[index] and string.match(values[index], HOLDS)
    if holds and holds ~= '' then
      for id in string.gmatch(holds, '[^\30]+') do
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
  for index = 1, #values do
    local value = values[index]
    if before then
      answer[#answer + 1] = before[index]
    end
    answer[#answer + 1] = value
    local holds = value and string.match(value, HOLDS) or ''
    answer[#answer + 1] = ends[holds] or (string.gsub(holds, '([^\30]+)(\30?)', function(id, more)
      return ends[id] .. (more == '' and '' or ',')
    end))
  end
end
