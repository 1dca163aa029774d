#include "webserver/prometheus.h"

#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

#include "sql/webserver.h"

namespace sluice::webserver {
namespace {

constexpr auto kFresh = std::chrono::seconds(5);

/// What a gauge's label is called.
const char* label_of(std::string_view name) {
    if (name.starts_with("queue_")) return "queue";
    if (name == "services" || name == "triggers") return "state";
    if (name == "worker_slots") return "worker_group";
    if (name == "refused_reports") return "kind";
    if (name == "leader_epoch") return "role";
    if (name.starts_with("log_shipping_")) return "receiver";
    if (name == "repairs_total") return "invariant";
    return name == "dead_rows" || name == "vacuum_age_seconds" ? "table" : "name";
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\' || c == '"') out += '\\';
        if (c == '\n')
            out += "\\n";
        else
            out += c;
    }
    return out;
}

/// Lines of the text format; the type of a metric is told before its first line.
class Lines {
  public:
    void add(const char* type, std::string_view name, const std::string& labels, double value) {
        if (name != last_) text_ += fmt::format("# TYPE sluice_{} {}\n", name, type);
        last_ = name;
        text_ += fmt::format("sluice_{}{} {}\n", name, labels.empty() ? "" : "{" + labels + "}", value);
    }
    void gauge(std::string_view name, double value, const std::string& labels = "") {
        add("gauge", name, labels, value);
    }
    void counter(std::string_view name, double value, const std::string& labels = "") {
        add("counter", name, labels, value);
    }

    void histogram(const AccessTimes::Key& key, const AccessTimes::Histogram& times) {
        constexpr std::string_view kName = "http_request_seconds";
        if (kName != last_) text_ += fmt::format("# TYPE sluice_{} histogram\n", kName);
        last_ = kName;
        const std::string labels =
            fmt::format("method=\"{}\",route=\"{}\",status=\"{}\"", key.method, escaped(key.route), key.status);
        std::uint64_t below = 0;
        for (std::size_t i = 0; i < AccessTimes::kBounds.size(); ++i) {
            below += times.buckets[i];
            text_ +=
                fmt::format("sluice_{}_bucket{{{},le=\"{}\"}} {}\n", kName, labels, AccessTimes::kBounds[i], below);
        }
        text_ += fmt::format(
            "sluice_{0}_bucket{{{1},le=\"+Inf\"}} {2}\nsluice_{0}_sum{{{1}}} {3}\nsluice_{0}_count{{{1}}} {2}\n", kName,
            labels, times.count, times.seconds);
    }

    std::string take() { return std::move(text_); }

  private:
    std::string text_{};
    std::string last_{};
};

double seconds_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

/// Memory that is in use now, in bytes.
double resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    double total = 0;
    double resident = 0;
    statm >> total >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

}  // namespace

std::string ClusterGauges::text() {
    const auto now = std::chrono::steady_clock::now();
    auto known = known_.with(
        [&](const auto& one) { return one && now - one->at < kFresh ? std::optional(one->text) : std::nullopt; });
    if (known) return std::move(*known);
    Lines lines;
    for (pg::Row row : pool_.run(sql::cluster_gauges)) {
        const std::string name = row.text();
        const std::string label = row.text();
        const bool alone = label.empty() && name != "worker_slots";
        lines.add(name.ends_with("_total") ? "counter" : "gauge", name,
                  alone ? "" : fmt::format("{}=\"{}\"", label_of(name), escaped(label)), row.number());
    }
    std::string text = lines.take();
    known_.with([&](auto& one) { one = Known{text, now}; });
    return text;
}

std::string text_of(const ProcessGauges& gauges, const AccessTimes& times) {
    Lines lines;
    lines.gauge("build_info", 1, fmt::format("version=\"{}\"", escaped(gauges.version)));
    lines.gauge("http_connections", static_cast<double>(gauges.http.open_connections));
    lines.gauge("http_requests_open", static_cast<double>(gauges.http.open_requests));
    lines.gauge("http_requests_waiting", static_cast<double>(gauges.http.waiting_requests));
    lines.gauge("http_event_streams", static_cast<double>(gauges.http.open_event_streams));
    lines.counter("http_requests_total", static_cast<double>(gauges.http.requests));
    lines.counter("http_requests_rejected_total", static_cast<double>(gauges.http.rejected_requests));
    lines.counter("http_requests_malformed_total", static_cast<double>(gauges.http.malformed_requests));
    lines.counter("http_connections_refused_total", static_cast<double>(gauges.http.refused_connections));
    lines.counter("http_connections_timed_out_total", static_cast<double>(gauges.http.timed_out_connections));
    lines.counter("http_slow_readers_closed_total", static_cast<double>(gauges.http.slow_clients_closed));
    lines.counter("http_bytes_in_total", static_cast<double>(gauges.http.bytes_in));
    lines.counter("http_bytes_out_total", static_cast<double>(gauges.http.bytes_out));
    lines.gauge("followed_executions", static_cast<double>(gauges.followed_executions));
    lines.gauge("followed_logs", static_cast<double>(gauges.followed_logs));
    lines.gauge("database_connections_in_use", static_cast<double>(gauges.database_in_use));
    lines.gauge("database_connections_most", static_cast<double>(gauges.database_size));
    lines.counter("lists_read_total", static_cast<double>(gauges.lists.primary), "from=\"primary\"");
    lines.counter("lists_read_total", static_cast<double>(gauges.lists.replica), "from=\"replica\"");
    if (gauges.lists.has_replica) {
        lines.gauge("replica_used", gauges.lists.in_use ? 1 : 0);
        lines.gauge("replica_lag_seconds", gauges.lists.lag_seconds);
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    lines.counter("process_cpu_seconds_total", seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime));
    lines.gauge("process_resident_memory_bytes", resident_bytes());
    for (const auto& [key, histogram] : times.snapshot()) lines.histogram(key, histogram);
    return lines.take();
}

}  // namespace sluice::webserver
