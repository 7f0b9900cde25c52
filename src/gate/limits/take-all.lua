-- gcra.ts for several limits at once, all or none, in one step that no other caller comes between. Whole microseconds of
-- this server's clock: doubles hold them exactly. ARGV: capacity and cost of each key's taking, in its order. Answers
-- with two numbers a taking: what its bucket lacks, and for how long what was asked has to wait (0: it fits).
local time = redis.call('time')
local now = time[1] * 1000000 + time[2]
local found, after, shown, wait = {}, {}, {}, {}
local fits = true
for i, key in ipairs(KEYS) do
  local capacity, cost = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  if after[key] == nil then
    local full_at = tonumber(redis.call('get', key) or now)
    found[key] = math.min(math.max(full_at, now), now + capacity)
    after[key] = found[key]
  end
  shown[i] = after[key]
  wait[i] = math.max(0, after[key] + cost - now - capacity)
  if wait[i] == 0 then after[key] = after[key] + cost else fits = false end
  if wait[i] == 0 then shown[i] = after[key] end
end
local answer = {}
for i, key in ipairs(KEYS) do
  -- When one refuses, the others have given back what they took.
  local full_at = shown[i]
  if not fits and wait[i] == 0 then full_at = found[key] end
  answer[2 * i - 1] = full_at - now
  answer[2 * i] = wait[i]
end
if fits then
  for key, full_at in pairs(after) do
    -- With the value its end: there is no moment at which a key could stay for ever. A full bucket needs no key.
    if full_at > now then
      redis.call('set', key, string.format('%.0f', full_at), 'px', math.ceil((full_at - now) / 1000))
    end
  end
end
return answer
