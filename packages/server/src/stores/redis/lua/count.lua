-- How many users of a list are in each status, exact before anybody reaped, and who is overdue.
-- KEYS  the partition's (shared/keys.lua)
-- ARGV  tenant · scope
-- out   { at, epoch, 1: the pulse is old, 1: too many are overdue, and nobody is told, five counts, tenant|user, value, ends of its leases, … }
-- include: clock, lists
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
