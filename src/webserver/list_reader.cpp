#include "webserver/list_reader.h"

#include "access/passwords.h"
#include "base/log.h"
#include "sql/webserver.h"
#include "webserver/api.h"

namespace sluice::webserver {
namespace list_reader {

const Logger kListsLog("lists");

// A standby that is away costs the time of a connect: not each list.
constexpr auto kReplicaPause = std::chrono::seconds(5);
constexpr std::size_t kManyWriters = 10'000;
// Any web server sees by it that the browser changed something by another one.
constexpr std::string_view kChangedCookie = "sluice-changed";
constexpr std::size_t kChangedCookieBytes = 8;
constexpr std::string_view kReadHeader = "X-Sluice-Read";

const Visitor* visitor_in(const http::Request& request) {
    return std::any_cast<Visitor>(&request.context);
}

std::string writer_of(const Visitor& visitor) {
    return "user " + visitor.user;
}

/// Only what looks like those that we gave.
std::optional<std::string> cookie_writer(const http::Request& request) {
    const auto cookie = request.cookie(kChangedCookie);
    if (!cookie || cookie->size() != 2 * kChangedCookieBytes) return {};
    return "cookie " + std::string(*cookie);
}

}  // namespace list_reader

using namespace list_reader;

void ListReader::forget_old(Marks& marks, Clock::time_point now) const {
    if (marks.size() < kManyWriters) return;
    std::erase_if(marks, [&](const auto& one) { return now - one.second.at > max_lag_; });
}

void ListReader::wrote(const http::Request& request, http::Response& response, bool secure_cookies) {
    if (replica_ == nullptr || request.method == http::Method::Get || request.method == http::Method::Head) return;
    const Visitor* visitor = visitor_in(request);
    if (visitor == nullptr || visitor->only_asks) return;
    const auto now = Clock::now();
    marks_.with([&](auto& marks) {
        forget_old(marks, now);
        marks[writer_of(*visitor)] = Mark{.position = {}, .at = now};
    });
    if (visitor->identity.by != access::Identity::By::Session) return;
    response.add_cookie({.name = std::string(kChangedCookie),
                         .value = access::random_hex(kChangedCookieBytes),
                         .max_age = std::chrono::ceil<std::chrono::seconds>(max_lag_),
                         .secure = secure_cookies});
}

/// How far a standby must be for this visitor; empty: ask the database itself.
std::optional<std::int64_t> ListReader::position_for(const http::Request& request) {
    if (replica_ == nullptr || Clock::now().time_since_epoch().count() < away_until_) return {};
    if (request.header(kReadHeader).value_or("") == "primary") return {};
    const Visitor* visitor = visitor_in(request);
    if (visitor == nullptr) return {};
    std::int64_t needed = 0;
    if (const auto cookie = cookie_writer(request)) {
        // Whoever makes cookies up must not fill our memory with them.
        const bool has_room = marks_.with([&](auto& marks) {
            const auto now = Clock::now();
            forget_old(marks, now);
            if (marks.size() >= kManyWriters && !marks.contains(*cookie)) return false;
            marks.try_emplace(*cookie, Mark{.position = {}, .at = now});
            return true;
        });
        if (!has_room) return {};
        needed = position_of(*cookie);
    }
    return std::max(needed, position_of(writer_of(*visitor)));
}

/// A position after all that this writer changed; 0: nothing that a standby which is fresh enough could lack.
std::int64_t ListReader::position_of(const std::string& writer) {
    const auto mark = marks_.with([&](auto& marks) -> std::optional<Mark> {
        const auto found = marks.find(writer);
        if (found == marks.end()) return {};
        if (Clock::now() - found->second.at > max_lag_) return marks.erase(found), std::nullopt;
        return found->second;
    });
    if (!mark) return 0;
    if (mark->position) return *mark->position;
    const std::int64_t position = primary_.run(sql::log_position)[0].integer();
    marks_.with([&](auto& marks) {
        // Who has changed more meanwhile needs a later one.
        const auto found = marks.find(writer);
        if (found != marks.end() && found->second.at == mark->at) found->second.position = position;
    });
    return position;
}

void ListReader::on_replica(const std::function<void(pg::Connection&)>& use) {
    try {
        replica_->with_connection([&](pg::Connection& connection) { use(connection); });
    } catch (const pg::StatementError& refused) {
        // The database says the same, unless only the standby's schema is behind.
    } catch (const pg::DatabaseError& failed) {
        constexpr std::string_view kTooSlow = "57014";
        if (failed.sqlstate() == kTooSlow) throw;
        if (pg::is_transient(failed.sqlstate())) return;  // the standby had to take away what was being read
        away_until_ = (Clock::now() + kReplicaPause).time_since_epoch().count();
        tell(false, failed.what());
    }
}

bool ListReader::is_fresh(pg::Connection& connection, std::int64_t needed) {
    const pg::Rows rows = connection.run(sql::replica_state, membership_.id());
    if (rows.empty()) return tell(false, "it does not show this process: expected a standby of database.url"), false;
    pg::Row row = rows[0];
    const Duration lag = std::max<Duration>(primary_.clock().now() - row.timestamp(), 0s);
    const auto replayed = row.maybe_integer();
    lag_seconds_ = in_seconds(lag);
    if (lag > max_lag_) return tell(false, "it is older than database.replica.max-lag allows"), false;
    tell(true, "");
    // Who can't say how far it is has all but the newest.
    return replayed ? *replayed >= needed : needed == 0;
}

void ListReader::tell(bool usable, std::string_view why) {
    if (usable_.exchange(usable) == usable) return;
    if (usable)
        kListsLog.info("replica.used", {{"lag_ms", static_cast<std::int64_t>(lag_seconds_ * 1000)}});
    else
        kListsLog.warn("replica.left_alone",
                       {{"why", why}, {"lag_ms", static_cast<std::int64_t>(lag_seconds_ * 1000)}});
}

ListReader::Gauges ListReader::gauges() const {
    return {.has_replica = replica_ != nullptr,
            .in_use = replica_ != nullptr && usable_,
            .lag_seconds = lag_seconds_,
            .replica = reads_.replica,
            .primary = reads_.primary};
}

}  // namespace sluice::webserver
