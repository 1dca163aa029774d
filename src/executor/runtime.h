#pragma once
#include <functional>

#include "executor/spans.h"
#include "expr/render.h"
#include "expr/template_cache.h"
#include "plugin/task_catalog.h"
#include "schedule/zone.h"
#include "store/environment.h"
#include "store/flows.h"

namespace sluice::executor {

/// What a step needs besides the database: flows, task types, and what expressions may see of the instance.
struct Runtime {
    store::Flows& flows;
    const plugin::TaskCatalog& tasks;
    const store::Instance& instance;
    schedule::Zones zones{};
    SpanSink trace{};  // empty: nobody wants spans
};

}  // namespace sluice::executor
