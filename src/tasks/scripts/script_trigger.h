#pragma once
#include "plugin/task_type.h"
#include "tasks/scripts/language.h"
#include "tasks/scripts/script_properties.h"
#include "tasks/settings.h"

namespace sluice::tasks {

/// The trigger of a language that runs a script or commands, and starts the flow when they end as it wants.
plugin::TaskType script_trigger(const Language& language, const SettingsPtr& settings, MainPart main);

}  // namespace sluice::tasks
