-- wrk script: sends the requests of a file (see request-file.ts) in turn, each with fresh message ids.
-- Usage: wrk … -s requests.lua <url> -- <file> <prefix of 10 characters, new for each run>
local ffi = require('ffi')
local requests, turn, count, prefix = {}, 0, 0, ''

function init(args)
  prefix = args[2]
  local file = assert(io.open(args[1], 'rb'))
  for line in file:lines() do
    local numbers = {}
    for number in line:gmatch('%d+') do numbers[#numbers + 1] = tonumber(number) end
    local text = file:read(numbers[1])
    local bytes = ffi.new('char[?]', #text)
    ffi.copy(bytes, text, #text)
    for i = 2, #numbers do ffi.copy(bytes + numbers[i], prefix, 10) end
    requests[#requests + 1] = { bytes = bytes, size = #text, ids = numbers }
  end
  file:close()
  -- Each run begins elsewhere, so that short slots do not all send the same part of the corpus.
  turn = tonumber(prefix:sub(-4), 16) % #requests
end

function request()
  turn = turn % #requests + 1
  local chosen = requests[turn]
  local bytes, ids = chosen.bytes, chosen.ids
  for i = 2, #ids do
    local at, rest = ids[i] + 19, count
    count = count + 1
    for place = at, at - 9, -1 do
      bytes[place] = 48 + rest % 10
      rest = (rest - rest % 10) / 10
    end
  end
  return ffi.string(bytes, chosen.size)
end

function done(summary, latency)
  io.write(string.format(
    '\n@{"requests":%d,"seconds":%.6f,"bytes":%d,"failed":%d,"p50":%.3f,"p90":%.3f,"p99":%.3f,"max":%.3f}\n',
    summary.requests, summary.duration / 1e6, summary.bytes,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(90) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
end
