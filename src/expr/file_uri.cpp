#include "expr/file_uri.h"

#include <algorithm>

#include "expr/evaluator.h"
#include "expr/failure.h"
#include "expr/unicode.h"

namespace sluice::expr {
namespace {

constexpr std::string_view kScheme = "kestra://";
constexpr std::string_view kFiles = "/_files/";
constexpr std::string_view kExecutions = "/executions/";

Failure denied(std::string_view path) {
    return failure(FailureKind::AccessDenied, "the file '{}' must not be read by this execution", path);
}

std::string as_path(std::string_view name_space) {
    std::string out(name_space);
    std::replace(out.begin(), out.end(), '.', '/');
    return out;
}

/// As ids stand in storage paths: lower case, and dashes for what is no letter or digit
std::string slug_of(std::string_view id) {
    std::string out;
    for (const char c : lower_case(id)) out += c == '_' || c == '.' || c == ' ' ? '-' : c;
    return out;
}

bool leaves_its_folder(std::string_view path) {
    return path == ".." || path.starts_with("../") || path.find("/../") != std::string_view::npos ||
           path.ends_with("/..");
}

bool is_inside(std::string_view path, const std::string& name_space, const std::string& flow,
               const std::string& execution) {
    if (flow.empty() || execution.empty()) return false;
    for (const std::string& id : {flow, slug_of(flow)}) {
        const std::string folder = "/" + as_path(name_space) + "/" + id + std::string(kExecutions) + execution + "/";
        if (path.starts_with(folder)) return true;
    }
    return false;
}

/// "/company/team/flow/executions/…" is of the namespace company.team; "" for anything else
std::string namespace_of_execution(std::string_view path) {
    const std::size_t executions = path.find(kExecutions);
    if (executions == std::string_view::npos) return {};
    const std::string_view before = path.substr(0, executions);
    const std::size_t flow = before.rfind('/');
    if (flow == std::string_view::npos || flow == 0) return {};
    std::string out(before.substr(1, flow - 1));
    std::replace(out.begin(), out.end(), '/', '.');
    return out;
}

bool may_read(std::string_view path, Evaluator& evaluator) {
    const Value flow = evaluator.variable("flow");
    const std::string own = flow.text("namespace");
    const auto allows = [&](const std::string& name_space) {
        return !name_space.empty() &&
               (name_space == own || evaluator.session().environment().may_read_namespace(name_space));
    };
    if (is_inside(path, own, flow.text("id"), evaluator.variable("execution").text("id"))) return true;
    const Value trigger = evaluator.variable("trigger");
    if (is_inside(path, trigger.text("namespace"), trigger.text("flowId"), trigger.text("executionId"))) return true;
    const std::size_t files = path.find(kFiles);
    if (files != std::string_view::npos && files > 0) {
        std::string name_space(path.substr(1, files - 1));
        std::replace(name_space.begin(), name_space.end(), '/', '.');
        return allows(name_space);
    }
    return allows(namespace_of_execution(path));
}

}  // namespace

std::string namespace_file_uri(std::string_view path, std::string_view name_space) {
    if (path.starts_with('/')) path.remove_prefix(1);
    if (leaves_its_folder(path)) throw denied(path);
    return fmt::format("{}/{}{}{}", kScheme, as_path(name_space), kFiles, path);
}

std::string readable_uri(const std::string& path, const std::string& name_space, Evaluator& evaluator) {
    if (path.starts_with(kScheme)) {
        const std::string_view inside = std::string_view(path).substr(kScheme.size());
        const bool allowed = inside.starts_with('/') && !leaves_its_folder(inside) && may_read(inside, evaluator);
        if (!allowed) throw denied(path);
        return path;
    }
    if (path.find("://") != std::string::npos) {
        throw bad_argument("the uri '{}' is neither one of a file in the storage nor the path of a namespace file",
                           path);
    }
    const std::string own = evaluator.variable("flow").text("namespace");
    const std::string wanted = name_space.empty() ? own : name_space;
    if (wanted != own && !evaluator.session().environment().may_read_namespace(wanted)) throw denied(path);
    return namespace_file_uri(path, wanted);
}

}  // namespace sluice::expr
