#include "expr/builtin_tables.h"
#include "expr/evaluator.h"
#include "expr/file_uri.h"
#include "expr/operators.h"
#include "value/extension.h"

namespace sluice::expr {
namespace {

std::string path_of(Call& call) {
    const Value& path = call.required(0);
    if (const auto* uri = if_a<Uri>(path)) return uri->value();
    return call.text(0);
}

std::string uri_of(Call& call) {
    return readable_uri(path_of(call), call.text_or(1, ""), call.evaluator());
}

Value read(Call& call) {
    auto text = call.session().environment().read_file(uri_of(call));
    if (!text) throw from_outside(text.error());
    return Value(std::move(*text));
}

std::optional<std::int64_t> size_of(Call& call) {
    const auto size = call.session().environment().file_size(uri_of(call));
    if (!size) throw from_outside(size.error());
    return *size;
}

std::int64_t present_size(Call& call) {
    const auto size = size_of(call);
    if (!size) throw failure(FailureKind::NotFound, "there is no file '{}'", path_of(call));
    return *size;
}

Value file_size(Call& call) {
    return Value(present_size(call));
}
Value file_exists(Call& call) {
    return Value(size_of(call).has_value());
}
Value is_file_empty(Call& call) {
    return Value(present_size(call) == 0);
}

Value file_uri(Call& call) {
    return Value(namespace_file_uri(path_of(call), call.evaluator().variable("flow").text("namespace")));
}

constexpr std::string_view kReads = "flow execution trigger";

constexpr BuiltinRow kFunctionsFiles[] = {
    {"read", "path, namespace", read, "The text of a file, by its uri or its path in the namespace", Accepts::Values,
     kReads},
    {"fileSize", "path, namespace", file_size, "The size of a file in bytes", Accepts::Values, kReads},
    {"fileExists", "path, namespace", file_exists, "Whether there is such a file", Accepts::Values, kReads},
    {"isFileEmpty", "path, namespace", is_file_empty, "Whether the file has no bytes", Accepts::Values, kReads},
    {"fileEmpty", "path, namespace", is_file_empty, "The old name of isFileEmpty", Accepts::Values, kReads},
    {"fileURI", "path", file_uri, "The uri of a file of the namespace", Accepts::Values, "flow"},
};

}  // namespace

const std::span<const BuiltinRow> kFileFunctions = kFunctionsFiles;

}  // namespace sluice::expr
