-- Every edit of the spec gives what has failed another try. This one also allows the failure that it may end with.
if obj.spec.retry == nil then
  obj.spec.retry = {}
end
local allowed = obj.spec.retry.maxFailures
if allowed == nil then
  allowed = 3 -- the default
end
if allowed < 100 then
  obj.spec.retry.maxFailures = allowed + 1
else
  obj.spec.retry.maxFailures = 99 -- 100 is the most that the API allows; an edit it must be
end
return obj
