-- A page of a list, in order of user id, with the overdue records between its ends.
-- KEYS  the partition's (shared/keys.lua)
-- ARGV  tenant · scope · statuses, a digit each · after which user · limit
-- out   { at, epoch, 1: the pulse is old, 1: more, 1: too many are overdue, then for each: 1 or 0 (overdue) and the user in one text, value, ends of its leases, … }
-- include: clock, lists
local tenant, scope, statuses, after, limit = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])

-- By bytes, four with each call: a page compares hundreds of ids. Lua's own comparison goes by the server's locale.
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

-- The next user of all streams, who may stand in two: in the index, and among the overdue.
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
