#pragma once
#include "plugin/convert.h"

namespace sluice::plugin {

/// Reads the entries of an object one by one; the first mistake is kept and told by done().
/// Fields options(want.options, "options");
/// options.take("followRedirects", follow).take("allowFailed", allowed);
class Fields {
  public:
    Fields(Value object, std::string path) : object_(std::move(object)), path_(std::move(path)) {}

    /// Leaves `to` as it is when there is no such entry.
    template <class T>
    Fields& take(std::string_view name, T& to) {
        const auto value = object_.get(name);
        if (failed_ || !value || value->is_null()) return *this;
        if (auto converted = convert(*value, to); !converted) {
            failed_ = std::move(converted.error());
            failed_->message = fmt::format("property '{}.{}': {}", path_, name, failed_->message);
        }
        return *this;
    }

    Result<void> done() const {
        if (failed_) return tl::unexpected(*failed_);
        return {};
    }

  private:
    Value object_;
    std::string path_;
    std::optional<Error> failed_{};
};

}  // namespace sluice::plugin
