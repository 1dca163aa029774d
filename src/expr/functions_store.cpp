#include "expr/builtin_tables.h"
#include "expr/evaluator.h"
#include "expr/operators.h"
#include "expr/text_forms.h"
#include "value/json.h"

namespace sluice::expr {
namespace {

std::string flow_namespace(Call& call) {
    return call.evaluator().variable("flow").text("namespace");
}

std::string namespace_of(Call& call, std::size_t index) {
    const std::string given = call.text_or(index, "");
    return given.empty() ? flow_namespace(call) : given;
}

void refuse_foreign(Call& call, const std::string& name_space) {
    if (name_space == flow_namespace(call) || call.session().environment().may_read_namespace(name_space)) return;
    throw failure(FailureKind::AccessDenied, "function '{}': the namespace '{}' must not be read here", call.name(),
                  name_space);
}

/// A field of a secret that is a JSON object
Value part_of_secret(const std::string& secret, const std::string& key, const std::string& part) {
    const auto fields = parse_json(secret);
    const auto found = fields ? fields->get(part) : std::nullopt;
    if (!found) throw failure(FailureKind::NotFound, "the secret '{}' has no field '{}'", key, part);
    return *found;
}

Value secret(Call& call) {
    const std::string& key = call.text(0);
    const std::string name_space = namespace_of(call, 1);
    const std::string part = call.text_or(2, "");
    const bool full = call.flag_or(3, false);
    if (full && !part.empty()) throw bad_argument("function 'secret': subkey and full exclude each other");
    refuse_foreign(call, name_space);
    Environment& environment = call.session().environment();
    const auto found = environment.secret(key, name_space);
    if (!found) throw from_outside(found.error());
    environment.remember_secret(*found);
    if (full) return Value{{"value", *found}, {"metadata", Value(Map())}};
    if (part.empty()) return Value(*found);
    const Value field = part_of_secret(*found, key, part);
    environment.remember_secret(java_text_of(field, call.session()));
    return field;
}

Value kv(Call& call) {
    const std::string& key = call.text(0);
    const std::string name_space = namespace_of(call, 1);
    const bool must_exist = call.flag_or(2, true);
    refuse_foreign(call, name_space);
    const auto found = call.session().environment().kv(key, name_space);
    if (!found) throw from_outside(found.error());
    if (*found) return **found;
    if (!must_exist) return {};
    throw failure(FailureKind::NotFound, "there is no key '{}' in the key-value store of the namespace '{}'", key,
                  name_space);
}

Value env(Call& call) {
    const Value found = call.evaluator().variable("envs")[call.text(0)];
    const std::string* text = found.if_string();
    const bool is_missing = found.is_null() || (text != nullptr && text->empty());
    return is_missing ? call[1] : found;
}

Value error_logs(Call& call) {
    const auto logs = call.session().environment().error_logs();
    if (!logs) throw from_outside(logs.error());
    return *logs;
}

Value http(Call& call) {
    HttpCall request;
    request.uri = java_text_of(call.required(0), call.session());
    request.method = call.text_or(1, request.method);
    request.query = call.session().forced(call[2]);
    request.body = call.session().forced(call[3]);
    request.content_type = call.text_or(4, request.content_type);
    request.headers = call.session().forced(call[5]);
    request.options = call.session().forced(call[6]);
    request.accept = call.text_or(7, request.accept);
    const auto answer = call.session().environment().http(request);
    if (!answer) throw from_outside(answer.error());
    return *answer;
}

constexpr BuiltinRow kFunctionsStore[] = {
    {"secret", "key, namespace, subkey, full=false", secret, "A secret of the flow's namespace; it is masked in logs",
     Accepts::Values, "flow"},
    {"kv", "key, namespace, errorOnMissing=true", kv, "A value of the key-value store", Accepts::Values, "flow"},
    {"env", "name, default", env, "An environment variable of the server that begins with ENV_", Accepts::Values,
     "envs"},
    {"errorLogs", "", error_logs, "The error log lines of this execution"},
    {"http",
     "uri, method='GET', query, body, contentType='application/json', headers, options, accept='application/json'",
     http, "The parsed answer to an HTTP request"},
};

}  // namespace

const std::span<const BuiltinRow> kStoreFunctions = kFunctionsStore;

}  // namespace sluice::expr
