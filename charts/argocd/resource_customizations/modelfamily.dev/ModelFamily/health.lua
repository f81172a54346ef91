local health = {}

if obj.status == nil or obj.status.observedGeneration ~= obj.metadata.generation then
  health.status = "Progressing"
  health.message = "Waits for the operator"
  return health
end

local summary = obj.status.summary or {}
local conditions = {}
for _, condition in ipairs(obj.status.conditions or {}) do
  conditions[condition.type] = condition
end

local function is(kind, status)
  return conditions[kind] ~= nil and conditions[kind].status == status
end

local function message(kind)
  if conditions[kind] == nil or conditions[kind].message == nil or conditions[kind].message == "" then
    return obj.status.phase or ""
  end
  return conditions[kind].message
end

if is("Stalled", "True") then
  health.status = "Degraded"
  health.message = message("Stalled")
elseif is("Suspended", "True") then
  health.status = "Suspended"
  health.message = "Finished members: " .. (summary.members or "unknown")
elseif is("Ready", "True") then
  health.status = "Healthy"
  health.message = message("Ready")
  if is("QualityGatePassed", "False") then
    health.message = health.message .. "; " .. message("QualityGatePassed")
  end
else
  health.status = "Progressing"
  health.message = message("Reconciling")
  if summary.progress ~= nil and summary.progress ~= "" then
    health.message = health.message .. "; " .. summary.progress
  end
  if summary.eta ~= nil and summary.eta ~= "" then
    health.message = health.message .. ", " .. summary.eta .. " left"
  end
end
return health
