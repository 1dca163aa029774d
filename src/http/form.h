#pragma once
#include <string_view>
#include <vector>

#include "base/error.h"
#include "http/multipart.h"
#include "http/request.h"

namespace sluice::http {

/// The parts of a form in their order, whatever way they came.
struct Form {
    std::vector<Part> parts{};

    const Part* find(std::string_view name) const;
    /// The text of the first part of that name that is kept in memory.
    std::optional<std::string_view> text(std::string_view name) const;
};

/// Streamed parts, multipart/form-data and application/x-www-form-urlencoded alike; no body at all is an empty form.
/// Errors  BadRequest: another content type, or malformed; TooLarge: over a limit
Result<Form> form_of(const Request& request, const MultipartLimits& limits = {});

/// Reads the parts of a body as it comes: a part goes where `choose` says, the others stay in memory.
class FormReader final : private PartReceiver {
  public:
    using Choose = std::function<Result<std::unique_ptr<BodySink>>(const PartHead&)>;
    FormReader(std::string_view boundary, const MultipartLimits& limits, Choose choose);

    Result<void> write(std::string_view piece) { return reader_.write(piece); }
    /// Errors  those of MultipartReader and of the sinks
    Result<std::vector<Part>> finish();

  private:
    Result<void> begin_part(PartHead head) override;
    Result<void> add_content(std::string_view piece) override;
    Result<void> end_part() override;

    const MultipartLimits limits_;
    Choose choose_;
    MultipartReader reader_;
    std::vector<Part> parts_{};
    std::unique_ptr<BodySink> sink_{};
    std::size_t text_total_ = 0;
};

}  // namespace sluice::http
