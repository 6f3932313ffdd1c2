-- The keys of one partition, the same for every script. `\31` separates fields, `\30` items of a list; ids hold neither.
local REC, OWN, NODE, DUE, HOLD = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local IDX, SEQ, META, FRESH, CLAIM, GONE = KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11]
local CHANNEL = KEYS[12]
-- Above every byte of an id.
local SEP, LIST, LAST = '\31', '\30', '\255'

local function integer(number)
  return string.format('%.0f', number)
end
