#pragma once
#include "schedule/timetable.h"
#include "store/trigger_views.h"
#include "webserver/api.h"

namespace sluice::webserver {

/// The dates of a trigger, and how its expressions are rendered.
struct Dates {
    flow::FlowPtr flow{};  // which the timetable refers to
    std::shared_ptr<const schedule::Timetable> timetable{};
    schedule::RenderFor render{};  // by the connection, which must live as long
};
/// Errors  Invalid: it has no dates; NotFound: its flow has no such trigger any more
Result<Dates> dates_of(Api& api, pg::Connection& connection, const store::TriggerView& view);

/// What a person may do with a trigger. Each changes `trigger`, which the caller has locked and will write.
///
/// Errors  Conflict, Invalid, BadRequest with the words that clients know
/// `by`: who asks for it, for those who wonder later
Result<void> set_disabled(Api& api, pg::Transaction& tx, store::TriggerView& trigger, bool disabled,
                          const std::string& by);
Result<void> unlock(store::TriggerView& trigger);
/// Ends an evaluation that is under way, so that the next one begins.
Result<void> restart_evaluation(Api& api, store::TriggerView& trigger, Timestamp now);
/// `request`: {start, end, inputs, labels}
Result<void> create_backfill(Api& api, pg::Transaction& tx, store::TriggerView& trigger, const Value& request);
Result<void> pause_backfill(store::TriggerView& trigger);
Result<void> unpause_backfill(store::TriggerView& trigger);
Result<void> delete_backfill(store::TriggerView& trigger);

/// What is done to a trigger that is locked.
using TriggerChange = std::function<Result<void>(pg::Transaction&, store::TriggerView&)>;
/// Locks a trigger, changes it, writes it.
/// Errors  NotFound, and those of the change
Result<store::TriggerView> change_trigger(pg::Transaction& tx, const store::TriggerId& id, const TriggerChange& by);
/// Only the row of a trigger that its flow no longer has: any other would come back.
Result<void> remove_trigger(pg::Transaction& tx, const store::TriggerId& id);
/// Who asks, as the trigger's row tells it. `user` may be empty
std::string asker(const std::string& user);

}  // namespace sluice::webserver
