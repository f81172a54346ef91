local actions = {}
local status = obj.status or {}

local conditions = {}
for _, condition in ipairs(status.conditions or {}) do
  conditions[condition.type] = condition.status
end

if obj.spec.suspend == true then
  actions["resume"] = {["displayName"] = "Resume", ["iconClass"] = "fa fa-fw fa-play"}
elseif conditions["Complete"] ~= "True" then
  actions["suspend"] = {["displayName"] = "Suspend", ["iconClass"] = "fa fa-fw fa-pause"}
end

if conditions["Failed"] == "True" then
  actions["retry"] = {["displayName"] = "Retry", ["iconClass"] = "fa fa-fw fa-redo"}
end

if conditions["QualityGatePassed"] == "False" and conditions["Complete"] ~= "True" then
  actions["skip-gate"] = {["displayName"] = "Go on in spite of the gate", ["iconClass"] = "fa fa-fw fa-forward"}
end
return actions
