#include "webserver/operations.h"

#include <set>

#include "base/probe.h"
#include "sql/webserver.h"
#include "store/find_executions.h"
#include "store/json_column.h"
#include "webserver/operation_acts.h"
#include "webserver/search_request.h"

namespace sluice::webserver {
namespace {

constexpr std::size_t kMembersAtOnce = 100;       // members in one transaction
constexpr std::string_view kCancelled = "57014";  // a statement that took too long

/// The next piece of an operation, as its row tells; of a query, find_members() fills it.
struct Piece {
    std::string id{};
    OperationWish wish{};
    std::vector<std::string> members{};
    std::string position{};
    bool is_last = false;
};

Value operation_of_row(pg::Row& row) {
    Map out;
    for (const char* name : {"id", "resource", "action"}) out.set(name, row.text());
    out.set("options", store::value_of_column(row.maybe_text()));
    out.set("state", row.text());
    for (const char* name : {"total", "done", "failed"}) out.set(name, row.integer());
    out.set("createdBy", row.text());
    out.set("createdAt", to_iso(row.timestamp()));
    for (const char* name : {"updatedAt", "endedAt"}) {
        if (const auto at = row.maybe_timestamp()) out.set(name, to_iso(*at));
    }
    if (const auto error = row.maybe_text()) out.set("error", *error);
    return Value(std::move(out));
}

/// Locks the operation whose turn it is. Empty: there is none
std::optional<Piece> take_piece(pg::Transaction& tx, std::size_t most) {
    const pg::Rows rows = tx.run(sql::take_operation, most);
    if (rows.empty()) return {};
    pg::Row row = rows[0];
    Piece out;
    out.id = row.text();
    out.wish.resource = row.text();
    out.wish.action = row.text();
    out.wish.options = store::value_of_column(row.maybe_text());
    if (const auto filters = row.maybe_text()) out.wish.filters = filters_of_wire(store::value_of_column(filters));
    out.members = row.maybe_texts();
    out.position = row.maybe_text().value_or("");
    out.wish.within.namespaces = row.maybe_texts();
    out.wish.within.everywhere = out.wish.within.namespaces.empty();
    out.wish.by.name = row.text();
    return out;
}

/// Members of a query are looked for where the last piece ended: those that are newer than it, like the copies that a
/// replay makes, don't belong to it.
Result<void> find_members(pg::Transaction& tx, Piece& piece, std::size_t most) {
    if (piece.wish.filters) {
        const auto ids =
            store::find_execution_ids(tx.connection(), *piece.wish.filters, ExecutionId{piece.position}, most);
        if (!ids) return tl::unexpected(ids.error());
        for (const ExecutionId& id : *ids) piece.members.push_back(id.text());
        if (!ids->empty()) piece.position = ids->back().text();
    }
    piece.is_last = piece.members.size() < most;
    return {};
}

/// Those that refuse, with their reasons.
struct Refusals {
    std::vector<std::string> members{};
    std::vector<std::string> reasons{};
};

/// In the order of their ids, so that two pieces never wait for each other.
Refusals act_on_all(pg::Transaction& tx, const Piece& piece, const MemberAct& act) {
    Refusals out;
    for (const std::string& member : std::set<std::string>(piece.members.begin(), piece.members.end())) {
        const auto done = act(tx, member);
        if (done) continue;
        out.members.push_back(member);
        out.reasons.push_back(done.error().message);
    }
    return out;
}

void advance(pg::Transaction& tx, const Piece& piece, const Refusals& refused) {
    tx.run(sql::advance_operation, piece.id, piece.members.size() - refused.members.size(), refused.members,
           refused.reasons, piece.position.empty() ? std::nullopt : std::optional(piece.position), piece.is_last);
}

}  // namespace

std::string put_operation(pg::Transaction& tx, const OperationWish& wish) {
    const std::string id = time_ordered_id(tx.now());
    const auto filters = wish.filters ? std::optional(to_json(filters_on_wire(*wish.filters))) : std::nullopt;
    const auto members = wish.filters ? std::nullopt : std::optional(wish.members);
    const auto within = wish.within.everywhere ? std::nullopt : std::optional(wish.within.namespaces);
    tx.run(sql::put_operation, id, wish.resource, wish.action, to_json(wish.options), filters, members, wish.total,
           within, wish.by.name, wish.by.via, wish.by.remote);
    return id;
}

std::optional<Value> operation_on_wire(pg::Connection& connection, const std::string& id) {
    const pg::Rows rows = connection.run(sql::operation_row, id);
    if (rows.empty()) return {};
    pg::Row row = rows[0];
    return operation_of_row(row);
}

List latest_operations_on_wire(pg::Connection& connection, std::int64_t most, const std::string& user,
                               const std::vector<std::string>& resources) {
    List out;
    for (pg::Row row : connection.run(sql::latest_operations, most, user, resources))
        out.push_back(operation_of_row(row));
    return out;
}

Value filters_on_wire(const std::vector<store::Filter>& filters) {
    List out;
    for (const store::Filter& filter : filters) {
        out.push_back(Value{{"field", filter.field},
                            {"operation", store::to_text(filter.operation)},
                            {"key", filter.key},
                            {"values", Value(List(filter.values.begin(), filter.values.end()))}});
    }
    return Value(std::move(out));
}

std::vector<store::Filter> filters_of_wire(const Value& value) {
    std::vector<store::Filter> out;
    for (const Value& one : value.as_list()) {
        const auto operation = store::operation_of(one.text("operation"));
        ensure(operation.has_value(), "an operation's filter is compared by '{}'", one.text("operation"));
        store::Filter filter{one.text("field"), *operation, one.text("key"), {}};
        for (const Value& item : one["values"].as_list()) filter.values.push_back(item.as_string());
        out.push_back(std::move(filter));
    }
    return out;
}

OperationRunner::OperationRunner(Api& api) : Service("operations", {.poll = 1s, .longest_poll = 5s}), api_(api) {
    api.services.signals.subscribe(pg::kOperationsChannel, [this](const auto&) { waker().wake(); });
}

OperationRunner::~OperationRunner() {
    stop();
}

void OperationRunner::recover() {
    api_.services.pool.drop_idle();
}

Turn OperationRunner::turn(std::stop_token) {
    const std::size_t most = one_by_one_ > 0 ? 1 : kMembersAtOnce;
    at_work_.clear();
    members_known_ = false;
    try {
        const Result<void> done =
            api_.services.pool.in_transaction([&](pg::Transaction& tx) { return piece(tx, most); });
        if (!done) give_up(done.error().message);
        if (one_by_one_ > 0) --one_by_one_;
    } catch (const pg::DatabaseError& failed) {
        if (failed.sqlstate() != kCancelled || at_work_.empty()) throw;
        if (members_known_)
            member_failed(most, failed.what());
        else
            give_up(search_error(failed).message);
    } catch (const OutsideError&) {
        throw;
    } catch (const std::exception& broken) {
        if (at_work_.empty()) throw;
        if (members_known_)
            member_failed(most, broken.what());
        else
            give_up(broken.what());
    }
    return at_work_.empty() ? Turn::Idle : Turn::Worked;
}

/// Errors  what makes the whole operation impossible; nothing was changed then
Result<void> OperationRunner::piece(pg::Transaction& tx, std::size_t most) {
    auto piece = take_piece(tx, most);
    if (!piece) return {};
    at_work_ = piece->id;
    const auto act = act_of(api_, piece->wish);
    if (!act) return tl::unexpected(act.error());
    if (auto found = find_members(tx, *piece, most); !found) return found;
    members_known_ = true;
    const Refusals refused = act_on_all(tx, *piece, *act);
    probe(Probe::WebserverBeforePiece);
    advance(tx, *piece, refused);
    return {};
}

void OperationRunner::give_up(const std::string& reason) {
    log_.warn("operation.failed", {{"operation_id", at_work_}, {"error", reason}});
    api_.services.pool.run(sql::break_operation, at_work_, reason);
}

/// A member's change broke the piece, or took too long. Which one, is found by going on one by one.
void OperationRunner::member_failed(std::size_t most, const std::string& reason) {
    log_.error("operation.piece_broke", {{"operation_id", at_work_}, {"members", most}, {"error", reason}});
    if (most == 1) fail_first(reason);
    one_by_one_ = kMembersAtOnce;
}

/// The next member can't be done for a reason of ours.
void OperationRunner::fail_first(const std::string& reason) {
    api_.services.pool.in_transaction([&](pg::Transaction& tx) {
        auto piece = take_piece(tx, 1);
        if (!piece || piece->id != at_work_) return;  // another server went on with it: it will meet that member
        if (!find_members(tx, *piece, 1) || piece->members.empty()) return;
        advance(tx, *piece, {piece->members, {"it could not be done; the server's log says why: " + reason}});
    });
}

}  // namespace sluice::webserver
