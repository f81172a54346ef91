-- Lets the family go on past each finished member that missed its gate: it is still reported as missed.
local parent = (obj.status.parent or {}).perplexity or {}
local results = {}
for _, member in ipairs(obj.status.members or {}) do
  results[member.name] = member.result
end

for _, member in ipairs(obj.spec.members or {}) do
  local gate, result = member.gate, results[member.name]
  if gate ~= nil and result ~= nil then
    local reached = tonumber((result.perplexity or {})[gate.evaluation])
    local wanted = tonumber(parent[gate.evaluation])
    if reached == nil or wanted == nil or reached / wanted > tonumber(gate.maxPerplexityRatio) then
      gate.onMiss = "Continue"
    end
  end
end
return obj
