-- The store's clock, in ms: the server's own. Tests put another file in its place; no script can be told the time.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
