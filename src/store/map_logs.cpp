// Where the lines of a long log are: marks, hits and the first error, a piece at a time.
#include <algorithm>

#include "sql/store.h"
#include "store/find_logs.h"
#include "store/optional_text.h"

namespace sluice::store {
namespace map_of_logs {

class Surveyor {
  public:
    explicit Surveyor(const LogSelection& selection) : selection_(selection) {}

    void look_at(pg::Row row) {
        LogRow line;
        line.seq = row.integer();
        line.level = static_cast<LogLevel>(row.integer());
        line.task_id = row.maybe_text().value_or("");
        line.task_run_id = TaskRunId{row.maybe_text().value_or("")};
        line.attempt = row.maybe_integer();
        note_task(line.task_id);
        if (selection_.matches(line))
            take(line, row.boolean());
        else if (line.level < selection_.min_level && matches_but_for_level(line))
            ++map_.hidden;
        map_.last = line.seq;
    }

    LogMap end(bool more) {
        map_.more = more;
        return std::move(map_);
    }

  private:
    void note_task(const std::string& id) {
        if (id.empty() || id == latest_task_) return;
        latest_task_ = id;
        if (std::find(map_.tasks.begin(), map_.tasks.end(), id) == map_.tasks.end()) map_.tasks.push_back(id);
    }

    bool matches_but_for_level(LogRow line) const {
        line.level = selection_.min_level;
        return selection_.matches(line);
    }

    void take(const LogRow& line, bool found) {
        const std::int64_t place = map_.lines++;
        if (place % LogMap::kMarkEvery == 0) map_.marks.push_back(line.seq);
        if (map_.first_error < 0 && line.level == LogLevel::Error) map_.first_error = place;
        if (!found) return;
        ++map_.hit_count;
        if (map_.hits.size() < LogMap::kMostHits) map_.hits.push_back(place);
    }

    const LogSelection& selection_;
    LogMap map_{};
    std::string latest_task_{};
};

}  // namespace map_of_logs

LogMap map_logs(pg::Connection& connection, const LogSelection& selection, std::int64_t after_seq, std::int64_t most) {
    map_of_logs::Surveyor surveyor(selection);
    const pg::Rows rows =
        connection.run(sql::scan_logs, selection.execution_id, after_seq, most, optional_text(selection.words));
    for (pg::Row row : rows) surveyor.look_at(row);
    return surveyor.end(static_cast<std::int64_t>(rows.size()) == most);
}

}  // namespace sluice::store
