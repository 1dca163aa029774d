#include "http/form.h"

namespace sluice::http {
namespace {

Result<Form> read_multipart(const Request& request, const MultipartLimits& limits) {
    const auto boundary = boundary_of(request.header("Content-Type").value_or(""));
    if (!boundary) return tl::unexpected(boundary.error());
    FormReader reader(*boundary, limits, [](const PartHead&) { return std::unique_ptr<BodySink>(); });
    if (auto read = reader.write(request.body); !read) return tl::unexpected(read.error());
    auto parts = reader.finish();
    if (!parts) return tl::unexpected(parts.error());
    return Form{std::move(*parts)};
}

Result<Form> read_urlencoded(const Request& request) {
    const auto pairs = Query::parse(request.body);
    if (!pairs) return tl::unexpected(pairs.error());
    Form form;
    for (const auto& [name, value] : *pairs) {
        form.parts.push_back(Part{.head = {.name = name}, .text = value, .size = value.size()});
    }
    return form;
}

}  // namespace

const Part* Form::find(std::string_view name) const {
    for (const Part& part : parts) {
        if (part.head.name == name) return &part;
    }
    return nullptr;
}

std::optional<std::string_view> Form::text(std::string_view name) const {
    for (const Part& part : parts) {
        if (part.head.name == name && !part.went_to_sink) return part.text;
    }
    return {};
}

Result<Form> form_of(const Request& request, const MultipartLimits& limits) {
    if (!request.parts.empty()) return Form{request.parts};
    const std::string type = request.content_type();
    if (type == "multipart/form-data" && !request.body.empty()) return read_multipart(request, limits);
    if (request.body.empty()) return Form{};
    if (type == "application/x-www-form-urlencoded") return read_urlencoded(request);
    return refuse(ErrorCode::BadRequest,
                  "expected multipart/form-data or application/x-www-form-urlencoded, found '{}'", type);
}

FormReader::FormReader(std::string_view boundary, const MultipartLimits& limits, Choose choose)
    : limits_(limits), choose_(std::move(choose)), reader_(boundary, limits, *this) {}

Result<std::vector<Part>> FormReader::finish() {
    if (auto finished = reader_.finish(); !finished) return tl::unexpected(finished.error());
    return std::move(parts_);
}

Result<void> FormReader::begin_part(PartHead head) {
    auto sink = choose_(head);
    if (!sink) return tl::unexpected(sink.error());
    sink_ = std::move(*sink);
    parts_.push_back(Part{.head = std::move(head), .went_to_sink = sink_ != nullptr});
    return {};
}

Result<void> FormReader::add_content(std::string_view piece) {
    Part& part = parts_.back();
    part.size += piece.size();
    if (sink_) return sink_->write(piece);
    text_total_ += piece.size();
    if (part.size > limits_.max_text_part || text_total_ > limits_.max_text_total) {
        return refuse(ErrorCode::TooLarge,
                      "the form field '{}' is too long: {} bytes in one field, {} in all are allowed", part.head.name,
                      limits_.max_text_part, limits_.max_text_total);
    }
    part.text += piece;
    return {};
}

Result<void> FormReader::end_part() {
    if (!sink_) return {};
    auto stored = sink_->finish();
    sink_.reset();
    if (!stored) return tl::unexpected(stored.error());
    parts_.back().stored = std::move(*stored);
    return {};
}

}  // namespace sluice::http
