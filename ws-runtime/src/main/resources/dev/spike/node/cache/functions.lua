#!lua name=spike1
-- Every function touches one slot only: its keys and the shard channels it publishes to share one tag.
-- Offsets of a channel rise but may jump: an entry names the offset before it, so that a reader knows a jump from a hole.

-- keys: session hash.  args: secret digest, node, seconds to live
local function open(keys, args)
  if redis.call('EXISTS', keys[1]) == 1 then
    return {'exists'}
  end
  redis.call('HSET', keys[1], 'secret', args[1], 'epoch', 1, 'node', args[2])
  redis.call('EXPIRE', keys[1], args[3])
  return {'ok', '1'}
end

-- keys: session hash.  args: secret digest, node, seconds to live, session id, fence channel prefix
local function resume(keys, args)
  local s = redis.call('HMGET', keys[1], 'secret', 'node')
  if not s[1] then
    return {'unknown'}
  end
  if s[1] ~= args[1] then
    return {'forbidden'}
  end
  local epoch = redis.call('HINCRBY', keys[1], 'epoch', 1)
  redis.call('HSET', keys[1], 'node', args[2])
  redis.call('EXPIRE', keys[1], args[3])
  if s[2] and s[2] ~= args[2] then
    redis.call('SPUBLISH', args[5] .. s[2], args[4] .. ' ' .. epoch)
  end
  local answer = {'ok', tostring(epoch)}
  local fields = redis.call('HGETALL', keys[1])
  for i = 1, #fields, 2 do
    if string.sub(fields[i], 1, 2) == 'c:' then
      answer[#answer + 1] = string.sub(fields[i], 3)
      answer[#answer + 1] = fields[i + 1]
    end
  end
  return answer
end

-- keys: session hash.  args: the session's epoch, seconds to live, then pairs of channel and position ('' forgets it)
local function note(keys, args)
  if redis.call('HGET', keys[1], 'epoch') ~= args[1] then
    return {'fenced'}
  end
  for i = 3, #args, 2 do
    if args[i + 1] == '' then
      redis.call('HDEL', keys[1], 'c:' .. args[i])
    else
      redis.call('HSET', keys[1], 'c:' .. args[i], args[i + 1])
    end
  end
  redis.call('EXPIRE', keys[1], args[2])
  return {'ok'}
end

-- Finds or starts a channel.  A new primary may have lost the last entries of the old one, so it never uses
-- an offset again: it jumps.
local function channel(meta, log, epoch, ttl)
  local here = redis.call('CLUSTER', 'MYID')
  local m = redis.call('HMGET', meta, 'epoch', 'offset', 'owner')
  if not m[1] then
    redis.call('DEL', log)
    redis.call('HSET', meta, 'epoch', epoch, 'offset', 0, 'owner', here)
    redis.call('EXPIRE', meta, ttl)
    return epoch, 0, 0
  end
  local offset = tonumber(m[2])
  if m[3] ~= here then
    redis.call('HSET', meta, 'owner', here, 'jump', 1)
    return m[1], offset, 1
  end
  return m[1], offset, tonumber(redis.call('HGET', meta, 'jump') or '0')
end

-- keys: meta hash, stream.  args: message JSON, id within its publisher's scope, 1 when this may be a repetition,
-- entries kept, epoch for a new channel, seconds to live
local function publish(keys, args)
  local epoch, before, jump = channel(keys[1], keys[2], args[5], args[6])
  if args[3] == '1' then
    local recent = redis.call('XREVRANGE', keys[2], '+', '-', 'COUNT', 512)
    for _, e in ipairs(recent) do
      if e[2][6] == args[2] then
        return {epoch, string.match(e[1], '%d+'), 'repeated'}
      end
    end
  end
  local offset = before + 1
  if jump == 1 then
    offset = before + 1000000
    redis.call('HDEL', keys[1], 'jump')
  end
  local o = string.format('%.0f', offset)
  local p = string.format('%.0f', before)
  redis.call('HSET', keys[1], 'offset', o)
  redis.call('XADD', keys[2], 'MAXLEN', args[4], o .. '-0', 'p', p, 'd', args[1], 'i', args[2])
  redis.call('EXPIRE', keys[1], args[6])
  redis.call('EXPIRE', keys[2], args[6])
  redis.call('SPUBLISH', keys[1], epoch .. ' ' .. o .. ' ' .. p .. ' ' .. args[1])
  return {epoch, o, 'new'}
end

-- keys: meta hash, stream.  args: epoch for a new channel, seconds to live, position to read after, bytes at most
-- answer: epoch, head offset, 1 when more is to read, then triples of offset, offset before, message
local function read(keys, args)
  local epoch, head = channel(keys[1], keys[2], args[1], args[2])
  redis.call('EXPIRE', keys[1], args[2])
  local answer = {epoch, string.format('%.0f', head), '0'}
  local after = args[3]
  local bytes = tonumber(args[4])
  if after == '' then
    return answer
  end
  while true do
    local entries = redis.call('XRANGE', keys[2], '(' .. after .. '-0', '+', 'COUNT', 64)
    for _, e in ipairs(entries) do
      if bytes <= 0 then
        answer[3] = '1'
        return answer
      end
      after = string.match(e[1], '%d+')
      answer[#answer + 1] = after
      answer[#answer + 1] = e[2][2]
      answer[#answer + 1] = e[2][4]
      bytes = bytes - #e[2][4] - 64
    end
    if #entries < 64 then
      return answer
    end
  end
end

redis.register_function('spike1_open', open)
redis.register_function('spike1_resume', resume)
redis.register_function('spike1_note', note)
redis.register_function('spike1_publish', publish)
redis.register_function('spike1_read', read)
