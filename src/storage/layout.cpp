#include "storage/layout.h"

#include "base/id.h"
#include "base/utf8.h"

namespace sluice::storage {
namespace {

// The letters of U+00C0 to U+017F without their accents; a blank where there is no such letter.
constexpr std::string_view kBaseLetters =
    "AAAAAA CEEEEIIII NOOOOO  UUUUY  aaaaaa ceeeeiiii nooooo  uuuuy y"
    "AaAaAaCcCcCcCcDd  EeEeEeEeEeGgGgGgGgHh  IiIiIiIiI   JjKk LlLlLl "
    "   NnNnNn   OoOoOo  RrRrRrSsSsSsSsTtTt  UuUuUuUuUuUuWwYyYZzZzZz ";

/// One well-formed character as its base letter; 0: none
char base_letter(std::string_view bytes) {
    if (bytes.size() == 1) return bytes[0];
    if (bytes.size() != 2) return 0;
    const int code = ((bytes[0] & 0x1F) << 6) | (bytes[1] & 0x3F);
    if (code < 0xC0 || code > 0x17F) return 0;
    const char letter = kBaseLetters[static_cast<std::size_t>(code - 0xC0)];
    return letter == ' ' ? '\0' : letter;
}

bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}
bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string slug(std::string_view id) {
    static_assert(kBaseLetters.size() == 0x180 - 0xC0);
    std::string out;
    for (std::size_t at = 0; at < id.size();) {
        const std::size_t length = std::max<std::size_t>(1, utf8_length(id, at));
        const char c = base_letter(id.substr(at, length));
        at += length;
        if (is_letter_or_digit(c))
            out += lower(c);
        else if ((is_blank(c) || c == '_' || c == '-') && !out.empty() && out.back() != '-')
            out += '-';
    }
    while (!out.empty() && out.back() == '-') out.pop_back();
    return out;
}

Uri namespace_folder(std::string_view namespace_id) {
    std::string path(namespace_id);
    std::replace(path.begin(), path.end(), '.', '/');
    return Uri() / path;
}

Uri flow_folder(std::string_view namespace_id, std::string_view flow_id) {
    return namespace_folder(namespace_id) / slug(flow_id);
}

Uri execution_folder(const ExecutionPlace& place) {
    return flow_folder(place.namespace_id, place.flow_id) / "executions" / place.execution_id;
}

Uri task_folder(const ExecutionPlace& place, std::string_view task_id, std::string_view task_run_id) {
    return execution_folder(place) / "tasks" / slug(task_id) / task_run_id;
}

Uri trigger_folder(const ExecutionPlace& place, std::string_view trigger_id) {
    return execution_folder(place) / "trigger" / slug(trigger_id);
}

Uri input_folder(const ExecutionPlace& place, std::string_view input_id) {
    return execution_folder(place) / "inputs" / input_id;
}

Uri namespace_files(std::string_view namespace_id) {
    return namespace_folder(namespace_id) / "_files";
}

Uri kv_folder(std::string_view namespace_id) {
    return namespace_folder(namespace_id) / "_kv";
}

Uri cache_file(std::string_view namespace_id, std::string_view flow_id, std::string_view task_id,
               const std::optional<std::string>& key) {
    const Uri folder = flow_folder(namespace_id, flow_id) / slug(task_id) / "cache";
    if (!key) return folder / "cache.zip";
    return folder / derived_id(lowest_id(Timestamp{}), *key) / "cache.zip";
}

}  // namespace sluice::storage
