#include "store/narrowing.h"

#include <algorithm>
#include <utility>

#include "sql/store.h"

namespace sluice::store {
namespace {

constexpr std::string_view kAboveAllIds = "~";
constexpr std::size_t kMostPlaces = 400;
constexpr std::size_t kPlacesAtOnce = 256;
constexpr std::string_view kCommonState = "SUCCESS";

/// A bucket of one flow, or a span of ids of all flows.
struct Place {
    std::optional<std::string> name_space;
    std::string flow_id;
    std::string lowest_id;
    std::string end_id;
    std::int64_t rows = 0;
};

struct Places {
    std::vector<std::string> name_spaces, flow_ids, lowest_ids, end_ids;
    std::int64_t rows = 0;

    std::size_t size() const { return flow_ids.size(); }
    void add(const Place& place) {
        name_spaces.push_back(*place.name_space);
        flow_ids.push_back(place.flow_id);
        lowest_ids.push_back(place.lowest_id);
        end_ids.push_back(place.end_id);
        rows += place.rows;
    }
};

constexpr std::string_view kExecutionsInPlaces =
    "e.id = any (array(select i.id from unnest($?::text[], $?::text[], $?::text[], $?::text[]) "
    "as w(namespace, flow_id, lowest_id, end_id) cross join lateral (select x.id from sluice.executions x "
    "where x.namespace = w.namespace and x.flow_id = w.flow_id and x.id >= w.lowest_id and x.id < w.end_id "
    "and x.state = any ($?::text[]) offset 0) as i))";

constexpr std::string_view kTaskRunsInPlaces =
    "t.execution_id = any (array(select i.id from unnest($?::text[], $?::text[], $?::text[], $?::text[]) "
    "as w(namespace, flow_id, lowest_id, end_id) cross join lateral (select x.id from sluice.executions x "
    "where x.namespace = w.namespace and x.flow_id = w.flow_id and x.id >= w.lowest_id and x.id < w.end_id offset 0) "
    "as i)) and t.state = any ($?::text[])";

std::vector<Place> places_below(pg::Connection& connection, const pg::Statement& whereabouts,
                                const Narrowing& narrowing, const std::string& below) {
    std::vector<Place> out;
    for (pg::Row row :
         connection.run(whereabouts, narrowing.states, narrowing.name_space, narrowing.flow_id, below, kMostPlaces)) {
        Place place;
        place.name_space = row.maybe_text();
        place.flow_id = row.maybe_text().value_or("");
        place.lowest_id = row.text();
        place.end_id = row.text();
        place.rows = row.integer();
        out.push_back(std::move(place));
    }
    return out;
}

const Place& first_known(const std::vector<Place>& places) {
    return *std::find_if(places.begin(), places.end(), [](const Place& place) { return place.name_space.has_value(); });
}

/// Of a full answer the oldest bucket, of which not all may be there. None: the answer is complete
const Place* cut_of(const std::vector<Place>& places) {
    std::size_t known = 0;
    const Place* last = nullptr;
    for (const Place& place : places) {
        if (!place.name_space) continue;
        ++known;
        last = &place;
    }
    return known == kMostPlaces ? last : nullptr;
}

/// Of the places of one answer: looks at one batch after the other until the page is full.
class PlaceSearch {
  public:
    PlaceSearch(pg::Connection& connection, const Query& query, const Narrowing& narrowing, const NarrowedList& list,
                std::size_t most, const TakeRows& take)
        : connection_(connection), query_(query), narrowing_(narrowing), list_(list), left_(most), take_(take) {}

    bool is_full() const { return left_ == 0; }

    void look_at(const Place& place, const std::string& below) {
        if (place.name_space) {
            // Buckets are looked at as a whole: what lies in one is not in order before that.
            if (is_enough() && pending_.lowest_ids.back() != place.lowest_id) flush(below);
            pending_.add(place);
            return;
        }
        flush(below);
        if (is_full()) return;
        Query span = query_;
        bound(span, place.lowest_id, std::min(place.end_id, below));
        run(span);
    }

    void flush(const std::string& below) {
        if (pending_.size() == 0 || is_full()) return;
        const Places places = std::exchange(pending_, {});
        Query here = query_;
        here.where(list_.in_places, places.name_spaces, places.flow_ids, places.lowest_ids, places.end_ids,
                   narrowing_.states);
        // What the places say, again: partitions are chosen by it.
        bound(here, *std::min_element(places.lowest_ids.begin(), places.lowest_ids.end()),
              std::min(below, *std::max_element(places.end_ids.begin(), places.end_ids.end())));
        run(here);
    }

  private:
    bool is_enough() const {
        return pending_.size() >= kPlacesAtOnce || pending_.rows >= static_cast<std::int64_t>(left_);
    }

    void bound(Query& query, const std::string& lowest, const std::string& end) const {
        query.where(fmt::format("{0} >= $? and {0} < $?", list_.id), lowest, end);
    }

    void run(Query& query) {
        query.order_by(list_.order).limit(left_);
        const pg::Rows rows = query.run(connection_);
        take_(rows);
        left_ -= std::min(left_, rows.size());
    }

    pg::Connection& connection_;
    const Query& query_;
    const Narrowing& narrowing_;
    const NarrowedList& list_;
    std::size_t left_;
    const TakeRows& take_;
    Places pending_{};
};

}  // namespace

bool Narrowing::finds_few() const {
    return !states.empty() && std::find(states.begin(), states.end(), kCommonState) == states.end();
}

std::optional<Narrowing> narrowing_of(const std::vector<Filter>& filters) {
    Narrowing out;
    bool exact_namespace = false;
    for (const Filter& filter : filters) {
        const bool is_one = filter.values.size() == 1;
        const bool equals = filter.operation == Operation::Equals;
        if (filter.field == "kind") return {};
        // One that is named is found by its key.
        const bool names_rows = filter.field == "id" || filter.field == "executionId" || filter.field == "taskRunId";
        if (names_rows && (equals || filter.operation == Operation::In)) return {};
        if (filter.field == "state" && out.states.empty() && (equals || filter.operation == Operation::In)) {
            out.states = filter.values;
        } else if (filter.field == "namespace" && is_one && !out.name_space &&
                   (equals || filter.operation == Operation::Prefix)) {
            out.name_space = filter.values.front();
            exact_namespace = equals;
        } else if (filter.field == "flowId" && is_one && equals && !out.flow_id) {
            out.flow_id = filter.values.front();
        } else if (filter.field == "startDate" && is_one && filter.operation == Operation::GreaterThanOrEqualTo &&
                   !out.from) {
            const auto from = parse_iso(filter.values.front());
            if (!from) return {};
            out.from = *from;
        } else {
            out.is_all = false;
        }
    }
    // The counts take a namespace with those below it, but with a flow exactly the one.
    if (out.name_space && exact_namespace != out.flow_id.has_value()) {
        out.is_all = false;
        out.flow_id.reset();
    }
    return out;
}

namespace {
std::optional<std::vector<std::string>> states_or_any(const Narrowing& n) {
    return n.states.empty() ? std::nullopt : std::optional(n.states);
}
}  // namespace

std::int64_t count_narrowed_task_runs(pg::Connection& connection, const Narrowing& n) {
    return connection.run(sql::count_task_runs, n.name_space, n.flow_id, states_or_any(n))[0].integer();
}

std::int64_t count_narrowed(pg::Connection& connection, const Narrowing& n) {
    constexpr Timestamp kBeforeAll{std::chrono::sys_days{std::chrono::year{2020} / 1 / 1}};
    return connection
        .run(sql::count_by_state, std::max(n.from.value_or(kBeforeAll), kBeforeAll), n.name_space, n.flow_id,
             states_or_any(n))[0]
        .integer();
}

const NarrowedList& narrowed_executions() {
    static const NarrowedList list{sql::whereabouts, "e.id", kExecutionsInPlaces, "e.id desc"};
    return list;
}

const NarrowedList& narrowed_task_runs() {
    static const NarrowedList list{sql::task_run_whereabouts, "t.execution_id", kTaskRunsInPlaces,
                                   "t.execution_id desc, t.ordinal desc"};
    return list;
}

void find_narrowed(pg::Connection& connection, const Query& query, const Narrowing& narrowing, const NarrowedList& list,
                   std::string below, std::size_t most, const TakeRows& take) {
    PlaceSearch search(connection, query, narrowing, list, most, take);
    // Places come the newest first. An id may be of a day before its row.
    const std::string floor = narrowing.from ? lowest_id(*narrowing.from - 24h) : std::string();
    if (below.empty()) below = std::string(kAboveAllIds);
    for (std::string reached = below;;) {
        const std::vector<Place> places = places_below(connection, list.whereabouts, narrowing, reached);
        const Place* cut = cut_of(places);
        for (const Place& place : places) {
            if (cut != nullptr && place.lowest_id <= cut->lowest_id) break;
            if (place.end_id <= floor) return search.flush(reached);
            search.look_at(place, reached);
            if (search.is_full()) return;
        }
        search.flush(reached);
        if (cut == nullptr || search.is_full()) return;
        reached = cut->end_id;
        if (first_known(places).lowest_id == cut->lowest_id) {  // more flows than one answer holds
            search.look_at({std::nullopt, "", cut->lowest_id, cut->end_id}, below);
            if (search.is_full()) return;
            reached = cut->lowest_id;
        }
    }
}

}  // namespace sluice::store
