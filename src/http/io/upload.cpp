#include "http/io/upload.h"

#include "http/form.h"
#include "http/io/connection.h"

namespace sluice::http {
namespace {

class SinkTarget final : public BodyTarget {
  public:
    explicit SinkTarget(std::unique_ptr<BodySink> sink) : sink_(std::move(sink)) {}

    Result<void> write(std::string_view piece) override { return sink_->write(piece); }

    Result<void> finish(Request& request) override {
        auto stored = sink_->finish();
        if (!stored) return tl::unexpected(stored.error());
        request.stored = std::move(*stored);
        return {};
    }

  private:
    std::unique_ptr<BodySink> sink_;
};

class PartsTarget final : public BodyTarget {
  public:
    PartsTarget(std::string_view boundary, const MultipartLimits& limits, FormReader::Choose choose)
        : reader_(boundary, limits, std::move(choose)) {}

    Result<void> write(std::string_view piece) override { return reader_.write(piece); }

    Result<void> finish(Request& request) override {
        auto parts = reader_.finish();
        if (!parts) return tl::unexpected(parts.error());
        request.parts = std::move(*parts);
        return {};
    }

  private:
    FormReader reader_;
};

Result<std::unique_ptr<BodyTarget>> choose_target(const Exchange& exchange) {
    const Request& request = exchange.request;
    if (const SinkFactory& choose = exchange.route->body_sink()) {
        auto sink = choose(request);
        if (!sink) return tl::unexpected(sink.error());
        ensure(*sink != nullptr, "the route {} chose no sink for its body", exchange.route->pattern());
        return std::make_unique<SinkTarget>(std::move(*sink));
    }
    const auto boundary = boundary_of(request.header("Content-Type").value_or(""));
    if (!boundary) return tl::unexpected(boundary.error());
    const auto choose = [&request, &choose_part = exchange.route->part_sink()](const PartHead& head) {
        return choose_part(request, head);
    };
    return std::make_unique<PartsTarget>(*boundary, exchange.state()->config.limits.multipart, choose);
}

}  // namespace

bool streams_body(const Route& route, const Request& request) {
    if (route.body_sink()) return true;
    return route.part_sink() && request.content_type() == "multipart/form-data";
}

Upload::Upload(std::shared_ptr<Exchange> exchange, std::unique_ptr<BodyTarget> target)
    : exchange_(std::move(exchange)),
      window_(exchange_->state()->config.limits.upload_window),
      target_(std::move(target)) {}

bool Upload::push(std::string piece) {
    std::unique_lock lock(mutex_);
    if (waiting_.empty())
        waiting_ = std::move(piece);
    else
        waiting_ += piece;
    full_ = waiting_.size() >= window_;
    const bool has_room = !full_;
    schedule(lock);
    return has_room;
}

void Upload::end() {
    std::unique_lock lock(mutex_);
    ended_ = true;
    schedule(lock);
}

void Upload::abort() {
    std::unique_lock lock(mutex_);
    aborted_ = true;
    waiting_.clear();
    schedule(lock);
}

void Upload::schedule(std::unique_lock<std::mutex>& lock) {
    if (std::exchange(scheduled_, true)) return;
    lock.unlock();
    exchange_->state()->pool.go_on([self = shared_from_this()] { self->turn(); });
}

/// One piece, then the others' turn.
void Upload::turn() {
    bool goes_on = false;
    exchange_->within_boundary([&] { goes_on = write_some(); });
    if (!goes_on) {
        target_.reset();
        return;  // still scheduled: nothing more is done
    }
    std::unique_lock lock(mutex_);
    scheduled_ = false;
    if (!waiting_.empty() || ended_ || aborted_) schedule(lock);
}

/// false: the upload is over
bool Upload::write_some() {
    std::string piece;
    bool had_been_full = false;
    bool ended = false;
    {
        const std::lock_guard lock(mutex_);
        if (aborted_) return false;
        piece.swap(waiting_);
        had_been_full = std::exchange(full_, false);
        ended = ended_;
    }
    if (had_been_full) tell_room();
    if (!piece.empty()) {
        if (auto written = target_->write(piece); !written) {
            exchange_->fail(written.error());
            return false;
        }
        return true;
    }
    return !ended || finish();
}

bool Upload::finish() {
    if (auto finished = target_->finish(exchange_->request); !finished) {
        exchange_->fail(finished.error());
        return false;
    }
    target_.reset();
    exchange_->run_handler();
    return false;
}

void Upload::tell_room() {
    exchange_->loop()->post([exchange = exchange_] {
        if (const auto connection = exchange->connection().lock()) connection->upload_room(*exchange);
    });
}

void prepare_upload(const std::shared_ptr<Exchange>& exchange) {
    exchange->within_boundary([&] {
        if (!exchange->passes_guard()) return;
        auto target = choose_target(*exchange);
        if (!target) return exchange->fail(target.error());
        auto upload = std::make_shared<Upload>(exchange, std::move(*target));
        exchange->loop()->post([exchange, upload = std::move(upload)] {
            const auto connection = exchange->connection().lock();
            if (connection)
                connection->upload_prepared(*exchange, upload);
            else
                upload->abort();
        });
    });
}

}  // namespace sluice::http
