#include "store/large_outputs.h"

#include <algorithm>

#include "expr/failure.h"
#include "value/json.h"

namespace sluice::store {
namespace {

constexpr std::string_view kFile = "outputsFile";
constexpr std::string_view kSize = "outputsSize";

constexpr std::size_t kMostBytes = 1024 * 1024;

/// Takes the length of a value's text, nearly, off what is left.
void take_length(const Value& value, std::size_t& left) {
    const auto take = [&left](std::size_t length) { left -= std::min(left, length + 3); };
    if (const std::string* text = value.if_string()) return take(text->size());
    if (const List* list = value.if_list()) {
        for (auto item = list->begin(); item != list->end() && left > 0; ++item) take_length(*item, left);
    } else if (const Map* map = value.if_map()) {
        for (const auto& [key, entry] : *map) {
            if (left == 0) return;
            take(key.size());
            take_length(entry, left);
        }
    }
    take(2);
}

}  // namespace

bool is_large(const Value& outputs) {
    std::size_t left = kMostBytes;
    take_length(outputs, left);
    return left == 0;
}

Value outputs_in_file(const std::string& address, std::size_t size_bytes) {
    Map out;
    out.set(kFile, address);
    out.set(kSize, Value(static_cast<std::int64_t>(size_bytes)));
    return Value(std::move(out));
}

bool stand_in_a_file(const Value& outputs) {
    const Map* map = outputs.if_map();
    return map != nullptr && map->size() == 2 && map->contains(kFile) && map->contains(kSize);
}

void fetch_outputs(std::vector<engine::TaskRun>& runs, Environment& environment) {
    for (engine::TaskRun& run : runs) {
        if (!stand_in_a_file(run.outputs)) continue;
        const std::string address = run.outputs.text(kFile);
        const auto text = environment.read_file(address);
        if (!text) {
            throw expr::failure(expr::FailureKind::NotFound, "the outputs of task '{}' can't be read: {}", run.task_id,
                                text.error().text());
        }
        auto parsed = parse_json(*text);
        if (!parsed) throw expr::failure(expr::FailureKind::NotFound, "the outputs in {} are no JSON", address);
        run.outputs = std::move(*parsed);
    }
}

}  // namespace sluice::store
