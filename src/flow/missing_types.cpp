#include "flow/missing_types.h"

#include <algorithm>

#include "flow/type_info.h"

namespace sluice::flow {
namespace {

constexpr MissingType kMissing[] = {
    {"core.flow.Template", "put its tasks into a flow and call it by core.flow.Subflow"},
    {"core.http.SseRequest", "core.http.Request reads an answer that ends"},
    {"core.http.Trigger", "a core.trigger.Schedule with core.http.Request and core.flow.If"},
    {"core.kv.PurgeKV", "give keys a ttl: what has expired is removed by itself"},
    {"core.namespace.PurgeFiles", "core.namespace.DeleteFiles"},
    {"core.templating.TemplatedTask", "core.flow.Switch between the tasks that it may become"},
};

constexpr std::string_view kOldPrefix = "io.kestra.core.tasks.";

}  // namespace

std::span<const MissingType> missing_types() { return kMissing; }

const MissingType* missing_type(std::string_view name) {
    if (name.starts_with(kTypePrefix)) name.remove_prefix(kTypePrefix.size());
    const bool old = name.starts_with(kOldPrefix);
    const auto found = std::ranges::find_if(kMissing, [&](const MissingType& one) {
        const std::string_view last = one.name.substr(one.name.rfind('.'));
        return one.name == name || (old && name.ends_with(last));
    });
    return found != std::end(kMissing) ? found : nullptr;
}

}  // namespace sluice::flow
