-- include: leases
-- A stored user: revision, status, deadline, solo, holds, scopes, record.
local HEADER = '^(%d+)\31(%d)\31(%d*)\31([^\31]*)\31([^\31]*)\31([^\31]*)\31'

-- The end of each lease of a list, in its order; empty where there is none.
local function endsOf(holds)
  local ends = {}
  for id in string.gmatch(holds, '[^\30]+') do
    local expiry = expiryOf(id)
    ends[#ends + 1] = expiry and integer(expiry) or ''
  end
  return table.concat(ends, ',')
end

local function holdsOf(value)
  local _, _, _, _, holds = string.match(value, HEADER)
  return holds
end

-- Appends what `load` tells of one user: the stored value, or nothing, and the ends of the leases that it holds.
local function tell(answer, value)
  answer[#answer + 1] = value
  answer[#answer + 1] = value and endsOf(holdsOf(value)) or ''
end
