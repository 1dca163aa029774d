#include "tasks/catalog.h"
#include "tasks/files/arrivals.h"
#include "tasks/s3/s3_family.h"

namespace sluice::tasks {
namespace s3_trigger {

std::vector<Arrivals::Thing> things_of(const std::vector<object_store::ObjectInfo>& objects) {
    std::vector<Arrivals::Thing> out;
    for (const object_store::ObjectInfo& object : objects) {
        out.push_back({object.key, fmt::format("{} {}", object.etag, object.modified ? to_iso(*object.modified) : "")});
    }
    return out;
}

Result<Value> poll(const object_store::Client& client, const S3Properties& want, plugin::TaskContext& context) {
    if (auto checked = check_action(want); !checked) return tl::unexpected(checked.error());
    const auto on = arrivals_on(want.on);
    if (!on) return tl::unexpected(on.error());
    const auto most = static_cast<std::size_t>(std::max<std::int64_t>(1, want.max_keys));
    S3Properties all = want;  // what was taken already must not use up maxKeys
    all.max_keys = std::numeric_limits<std::int64_t>::max();
    auto there = matching_objects(client, all);
    if (!there) return tl::unexpected(there.error());
    std::erase_if(*there, [](const auto& object) { return object.is_prefix || object.key.ends_with('/'); });
    const Value before = context.remembered();
    Arrivals arrivals(before, *on);
    const Arrivals::Look look = arrivals.look(things_of(*there), most);
    List out;
    std::vector<object_store::ObjectInfo> taken;
    for (const std::size_t index : look.fresh) {
        const object_store::ObjectInfo& object = (*there)[index];
        auto uri = download_object(client, {.bucket = want.bucket, .key = object.key}, context);
        if (!uri && uri.error().code == ErrorCode::NotFound) continue;  // gone since it was listed
        if (!uri) return tl::unexpected(uri.error());
        out.push_back(object_output(want, object, *uri));
        taken.push_back(object);
    }
    for (const std::size_t index : look.taken) taken.push_back((*there)[index]);
    if (Value now = arrivals.memory(); now != before) context.remember(std::move(now));
    if (want.action != "NONE") {
        context.when_stored([client, want, taken = std::move(taken)]() -> Result<void> {
            for (const object_store::ObjectInfo& object : taken) {
                if (const auto done = act_on(client, want, object); !done) return tl::unexpected(done.error());
            }
            return {};
        });
    }
    if (out.empty()) return Value();
    return Value{{"objects", Value(std::move(out))}};
}

}  // namespace s3_trigger

plugin::TaskType s3_trigger_type(const S3Family& family, const Settings& settings) {
    S3Type type = s3_type(family, settings, "Trigger", s3_trigger::poll);
    declare_s3_listing(type);
    declare_s3_action(type);
    return type.polling()
        .title(fmt::format("Starts the flow when objects arrive in {}.", family.where))
        .description(
            "A worker looks every `interval`. All objects that are new start one execution, which finds them in the "
            "internal "
            "storage. Each is taken once: what was taken is remembered with the execution, and only then moved or "
            "deleted, as "
            "`action` says. With NONE all keys below the prefix are remembered: choose a prefix that does not grow for "
            "ever.")
        .example("Load what arrives, and put it into an archive", R"(id: on_arrival
namespace: company.team
tasks:
  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    values: "{{ trigger.objects }}"
    tasks:
      - id: show
        type: io.kestra.plugin.core.log.Log
        message: "{{ fromJson(taskrun.value).key }} is {{ fromJson(taskrun.value).uri }}"
triggers:
  - id: arrival
)" + s3_example(family, "Trigger", "prefix: in/\ninterval: PT30S\naction: MOVE\nmoveTo:\n  key: archive/\n"))
        .property("interval", &S3Properties::interval, "From the end of one look to the next")
        .shape(flow::Shape::Duration)
        .literal()
        .property("on", &S3Properties::on, "Whether new objects count, changed ones, or both")
        .values({"CREATE", "UPDATE", "CREATE_OR_UPDATE"})
        .output("objects", "Each with key, uri (its address in the internal storage), etag, size, lastModified …",
                flow::Shape::List);
}

}  // namespace sluice::tasks
