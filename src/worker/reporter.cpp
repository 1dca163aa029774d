#include "worker/reporter.h"

#include "base/probe.h"

namespace sluice::worker {
namespace {

constexpr std::size_t kMostReports = 2000;  // in one transaction
constexpr std::size_t kMostResults = 500;
// In memory; then tasks wait with more. A line may have ten megabytes.
constexpr std::size_t kMostLines = 20000;
constexpr std::size_t kMostBytes = 64 * 1024 * 1024;
// A session that ended is no reason to write to the disk: the next one is there in a moment.
constexpr int kFailuresBeforeSpool = 2;

/// What a line or metric takes in memory, nearly.
std::size_t bytes_of(const Report& report) {
    constexpr std::size_t kAround = 512;
    const auto* line = std::get_if<store::LogWrite>(&report.what);
    return kAround + (line != nullptr ? line->line.message.size() : 0);
}

/// What is told when the tables refuse a report for what is in it.
Report in_place_of(const Report& report, std::string_view why) {
    Report out = report;
    if (auto* result = std::get_if<queue::Finished>(&out.what)) {
        result->result.state = State::Failed;
        result->result.outputs = {};
    } else if (auto* line = std::get_if<store::LogWrite>(&out.what)) {
        line->line.message = fmt::format("A line of {} bytes can't be stored: {}", line->line.message.size(), why);
    } else if (auto* metric = std::get_if<store::MetricWrite>(&out.what)) {
        metric->metric.name = "unstorable";
        metric->metric.kind = "gauge";
        metric->metric.value = 0;
        metric->metric.tags = {};
    }
    return out;
}

}  // namespace

Reporter::Reporter(pg::Pool& pool, pg::Signals& signals, cluster::Membership& membership, const SpoolConfig& spool)
    : Service("reporter", {.poll = 1s}),
      pool_(pool),
      signals_(signals),
      membership_(membership),
      spool_(spool),
      delivery_(pool, spool_.id()) {
    for (Spool& one : Spool::orphans(spool)) {
        log_.info("spool.found", {{"spool_id", one.id()}, {"bytes", one.used_bytes()}});
        Delivery delivery(pool, one.id());
        orphans_.push_back({std::move(one), std::move(delivery)});
    }
}

// ------------------------------------------------------------------------------------------------ what tasks say

bool Reporter::is_crowded() const {
    return pending_.with(
        [](const Pending& pending) { return pending.lines >= kMostLines || pending.bytes >= kMostBytes; });
}

void Reporter::wait_for_room(std::stop_token stop) {
    std::unique_lock lock(room_mutex_);
    room_.wait_for(lock, stop, 1h, [this] { return !is_crowded(); });
}

void Reporter::add(Report report) {
    pending_.with([&](Pending& pending) {
        report.seq = pending.next_seq++;
        pending.lines += report.ends_claim() ? 0 : 1;
        pending.bytes += report.ends_claim() ? 0 : bytes_of(report);
        if (report.is_result()) pending.untold.emplace(report.claim, report.worker);
        pending.reports.push_back(std::move(report));
    });
    waker().wake();
}

void Reporter::log(const Told& by, store::LogWrite line, std::stop_token stop) {
    if (is_crowded()) wait_for_room(std::move(stop));
    add({0, by.claim, by.worker, std::move(line)});
}

void Reporter::metric(const Told& by, store::MetricWrite metric, std::stop_token stop) {
    if (is_crowded()) wait_for_room(std::move(stop));
    add({0, by.claim, by.worker, std::move(metric)});
}

void Reporter::finished(const ServiceId& worker, queue::Finished result) {
    const queue::ClaimId claim{result.task_run_id, result.result.epoch};
    add({0, claim, worker, std::move(result)});
}

void Reporter::given_back(const Told& by) {
    add({0, by.claim, by.worker, GivenBack{}});
}

std::set<queue::ClaimId> Reporter::untold() const {
    return pending_.with([](const Pending& pending) {
        std::set<queue::ClaimId> out;
        for (const auto& [claim, worker] : pending.untold) out.insert(claim);
        return out;
    });
}

// ------------------------------------------------------------------------------------------------- to the database

void Reporter::take_batch() {
    pending_.with([this](Pending& pending) {
        std::size_t results = 0;
        while (!pending.reports.empty() && in_hand_.size() < kMostReports && results < kMostResults) {
            Report& next = pending.reports.front();
            results += next.is_result() ? 1 : 0;
            pending.lines -= next.ends_claim() ? 0 : 1;
            pending.bytes -= next.ends_claim() ? 0 : bytes_of(next);
            in_hand_.push_back(std::move(next));
            pending.reports.pop_front();
        }
    });
    {
        const std::lock_guard lock(room_mutex_);  // whoever is about to wait for room has seen the old size, or waits
    }
    room_.notify_all();
}

Turn Reporter::turn(std::stop_token) {
    idle_ = false;
    if (!orphans_.empty()) return tell_orphan();
    if (!spool_.empty()) {
        tell_spooled(spool_, delivery_);
        if (spool_.empty()) give_back_damaged();
    } else {
        if (in_hand_.empty()) take_batch();
        crowded_ = in_hand_.size() > 1;
        if (in_hand_.empty()) {
            idle_ = true;
            return Turn::Idle;
        }
        tell(delivery_, in_hand_);
        in_hand_.clear();
    }
    failures_ = 0;
    return Turn::Worked;
}

Turn Reporter::tell_orphan() {
    Orphan& oldest = orphans_.front();
    tell_spooled(oldest.spool, oldest.delivery);
    failures_ = 0;
    if (!oldest.spool.empty()) return Turn::Worked;
    log_.info("spool.told", {{"spool_id", oldest.spool.id()}});
    oldest.delivery.forget();
    orphans_.pop_front();
    return Turn::Worked;
}

void Reporter::tell_spooled(Spool& spool, Delivery& delivery) {
    const Spool::Batch batch = spool.read(kMostReports);
    std::vector<Report> reports;
    for (const std::string& record : batch.records) {
        if (auto report = report_of(record))
            reports.push_back(std::move(*report));
        else
            log_.error("spool.record_unreadable", {{"spool_id", spool.id()}, {"reason", report.error().message}});
    }
    if (!reports.empty()) tell(delivery, reports);
    spool.drop(batch);
    figures_.with([&](Figures& figures) { figures.spooled_bytes = spool_.used_bytes(); });
}

/// One that the tables can't take does not stop the others.
void Reporter::tell(Delivery& delivery, std::span<const Report> reports) {
    try {
        tell_together(delivery, reports);
    } catch (const pg::StatementError& refused) {
        const std::size_t half = reports.size() / 2;
        if (half > 0) {
            tell(delivery, reports.first(half));
            tell(delivery, reports.subspan(half));
            return;
        }
        log_.error("report.not_storable",
                   {{"task_run_id", reports.front().claim.task_run_id}, {"reason", std::string_view(refused.what())}});
        const Report instead = in_place_of(reports.front(), refused.what());
        tell_together(delivery, {&instead, 1});
    }
}

void Reporter::tell_together(Delivery& delivery, std::span<const Report> reports) {
    const Delivery::Told told = delivery.tell(reports);
    pending_.with([&](Pending& pending) {
        for (const Report& one : reports) {
            if (one.is_result()) pending.untold.erase(one.claim);
        }
    });
    if (told.events) signals_.notify(pg::kEventsChannel);
    for (const ExecutionId& id : told.changed) signals_.notify(pg::kChangesChannel, id.text());
    const auto& [results, lines, metrics] = told.refused;
    if (results + lines + metrics == 0) return;
    figures_.with([&, &r = results, &l = lines, &m = metrics](Figures& figures) {
        figures.refused_results += r;
        figures.refused_lines += l;
        figures.refused_metrics += m;
    });
    log_.warn("reports.refused",
              {{"results", results}, {"lines", lines}, {"metrics", metrics}, {"service_id", membership_.id()}});
}

Reporter::Figures Reporter::figures() const {
    return figures_.with([](const Figures& figures) { return figures; });
}

// ------------------------------------------------------------------------------------------------------ to the disk

void Reporter::recover() {
    pool_.drop_idle();
    if (++failures_ >= kFailuresBeforeSpool) spill();
}

/// In their order, and as much as fits.
void Reporter::spill() {
    const std::uint64_t before = spool_.used_bytes();
    while (put_on_disk()) {
        take_batch();
        if (in_hand_.empty()) break;
    }
    const std::uint64_t after = spool_.used_bytes();
    figures_.with([&](Figures& figures) { figures.spooled_bytes = after; });
    if (after > before) probe(Probe::WorkerAfterSpool);
    if (before == 0 && after > 0) log_.warn("spool.begun", {{"spool_id", spool_.id()}});
}

/// false: not all of what is in hand fits
bool Reporter::put_on_disk() {
    std::vector<std::string> records;
    records.reserve(in_hand_.size());
    for (const Report& one : in_hand_) records.push_back(to_record(one));
    const std::size_t taken = spool_.append(records);
    in_hand_.erase(in_hand_.begin(), in_hand_.begin() + static_cast<std::ptrdiff_t>(taken));
    return in_hand_.empty();
}

/// Results that were damaged on disk: their tasks begin again.
void Reporter::give_back_damaged() {
    const auto lost = pending_.with([this](Pending& pending) {
        auto left = pending.untold;
        for (const Report& one : in_hand_) left.erase(one.claim);
        for (const Report& one : pending.reports) left.erase(one.claim);
        for (const auto& [claim, worker] : left) pending.untold.erase(claim);
        return left;
    });
    for (const auto& [claim, worker] : lost) given_back({claim, worker});
}

// -------------------------------------------------------------------------------------------------------- the end

bool Reporter::all_is_told() const {
    return orphans_.empty() && spool_.empty() && in_hand_.empty() &&
           pending_.with([](const Pending& pending) { return pending.reports.empty(); });
}

bool Reporter::drain(Duration limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    Waker pause;
    while (std::chrono::steady_clock::now() < until) {
        const bool none = pending_.with([](const Pending& pending) { return pending.reports.empty(); });
        if (none && idle_) return true;
        waker().wake();
        pause.wait({}, 5ms);
    }
    return false;
}

/// What is left is for the next process on this folder.
void Reporter::finish() {
    if (all_is_told()) return delivery_.forget();
    spill();
    log_.warn("spool.left", {{"spool_id", spool_.id()}, {"bytes", spool_.used_bytes()}, {"lost", in_hand_.size()}});
}

}  // namespace sluice::worker
