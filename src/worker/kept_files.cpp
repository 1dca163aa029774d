#include "worker/kept_files.h"

namespace sluice::worker {
namespace {
constexpr std::string_view kScheme = "kestra:///";
}

std::optional<storage::Uri> missing_file(const Value& value, const storage::Storage& storage) {
    if (const std::string* text = value.if_string()) {
        if (!text->starts_with(kScheme)) return {};
        const auto uri = storage::Uri::parse(*text);
        if (!uri || storage.exists(*uri)) return {};  // what is no address is text that happens to begin so
        return *uri;
    }
    if (const List* list = value.if_list()) {
        for (const Value& item : *list) {
            if (auto missing = missing_file(item, storage)) return missing;
        }
    } else if (const Map* map = value.if_map()) {
        for (const auto& [key, item] : *map) {
            if (auto missing = missing_file(item, storage)) return missing;
        }
    }
    return {};
}

}  // namespace sluice::worker
