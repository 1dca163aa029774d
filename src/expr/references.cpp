#include "expr/references.h"

#include <algorithm>

#include "expr/ast.h"
#include "expr/builtin.h"

namespace sluice::expr {
namespace {

class Collector {
  public:
    explicit Collector(const Program& program) : program_(program) {}

    References run() {
        scopes_.emplace_back();
        walk(program_.body);
        for (const auto& [name, macro] : program_.macros) walk(macro);
        return std::move(out_);
    }

  private:
    // ---- statements ----

    void walk(const Body& body) {
        for (const StatementPtr& statement : body) walk(*statement);
    }

    void walk(const Statement& statement) {
        switch (statement.kind) {
            case StatementKind::Text:
                break;
            case StatementKind::Print:
                walk(*static_cast<const Print&>(statement).expression);
                break;
            case StatementKind::If: {
                const auto& node = static_cast<const If&>(statement);
                for (const If::Branch& branch : node.branches) {
                    walk(*branch.condition);
                    walk(branch.body);
                }
                walk(node.otherwise);
                break;
            }
            case StatementKind::For: {
                const auto& node = static_cast<const For&>(statement);
                walk(*node.items);
                scopes_.push_back({node.variable, "loop"});
                walk(node.body);
                scopes_.pop_back();
                walk(node.otherwise);
                break;
            }
            case StatementKind::Set: {
                const auto& node = static_cast<const Set&>(statement);
                walk(*node.value);
                scopes_.back().insert(node.name);
                break;
            }
            case StatementKind::Block:
                walk(static_cast<const Block&>(statement).body);
                break;
            case StatementKind::FilterTag: {
                const auto& node = static_cast<const FilterTag&>(statement);
                walk(node.body);
                for (const auto& filter : node.filters) walk(*filter);
                break;
            }
        }
    }

    /// A macro sees nothing but its arguments.
    void walk(const Macro& macro) {
        std::vector<std::set<std::string, std::less<>>> outer(1);
        std::swap(scopes_, outer);
        for (const Macro::Parameter& parameter : macro.parameters) {
            if (parameter.value) walk(*parameter.value);
            scopes_.back().insert(parameter.name);
        }
        is_in_macro_ = true;
        walk(macro.body);
        is_in_macro_ = false;
        std::swap(scopes_, outer);
    }

    // ---- expressions ----

    void walk(const Arguments& arguments) {
        for (const ExpressionPtr& argument : arguments.positional) walk(*argument);
        for (const auto& [name, argument] : arguments.named) walk(*argument);
    }

    void walk(const Expression& node) {
        switch (node.kind) {
            case ExpressionKind::Literal:
                break;
            case ExpressionKind::Interpolation:
                walk_all(static_cast<const Interpolation&>(node).parts);
                break;
            case ExpressionKind::Name:
                read(static_cast<const Name&>(node));
                break;
            case ExpressionKind::Attribute:
                walk_attribute(static_cast<const Attribute&>(node));
                break;
            case ExpressionKind::Index: {
                const auto& index = static_cast<const Index&>(node);
                walk(*index.of);
                walk(*index.key);
                break;
            }
            case ExpressionKind::MethodCall: {
                const auto& call = static_cast<const MethodCall&>(node);
                walk(*call.of);
                walk_all(call.arguments);
                break;
            }
            case ExpressionKind::ListLiteral:
                walk_all(static_cast<const ListLiteral&>(node).items);
                break;
            case ExpressionKind::MapLiteral:
                for (const auto& [key, value] : static_cast<const MapLiteral&>(node).entries) {
                    walk(*key);
                    walk(*value);
                }
                break;
            case ExpressionKind::Unary:
                walk(*static_cast<const Unary&>(node).operand);
                break;
            case ExpressionKind::Binary: {
                const auto& binary = static_cast<const Binary&>(node);
                walk(*binary.left);
                walk(*binary.right);
                break;
            }
            case ExpressionKind::Conditional: {
                const auto& conditional = static_cast<const Conditional&>(node);
                walk(*conditional.condition);
                walk(*conditional.yes);
                walk(*conditional.no);
                break;
            }
            default:
                walk_call(node);
        }
    }

    void walk_call(const Expression& node) {
        if (node.kind == ExpressionKind::FilterCall) {
            const auto& call = static_cast<const FilterCall&>(node);
            if (call.input) walk(*call.input);
            walk(call.arguments);
            out_.filters.push_back({call.name, place_in(program_, call.position), call.filter != nullptr});
        } else if (node.kind == ExpressionKind::TestCall) {
            const auto& call = static_cast<const TestCall&>(node);
            walk(*call.operand);
            walk(call.arguments);
            out_.tests.push_back({call.name, place_in(program_, call.position), call.test != nullptr});
        } else if (node.kind == ExpressionKind::FunctionCall) {
            const auto& call = static_cast<const FunctionCall&>(node);
            walk(call.arguments);
            const bool is_macro = call.function == nullptr && program_.macros.contains(call.name);
            if (is_macro) return;
            out_.functions.push_back({call.name, place_in(program_, call.position), call.function != nullptr});
            if (call.function != nullptr) reads_by_itself(*call.function);
        }
    }

    void walk_all(const std::vector<ExpressionPtr>& nodes) {
        for (const ExpressionPtr& node : nodes) walk(*node);
    }

    void walk_attribute(const Attribute& node) {
        if (node.of->kind != ExpressionKind::Name) return walk(*node.of);
        const auto& root = static_cast<const Name&>(*node.of);
        if (!is_variable(root.name)) return;
        References::Root& found = out_.roots[root.name];
        found.members.insert(node.name);
        found.places.try_emplace(node.name, place_in(program_, node.position));
    }

    void read(const Name& node) {
        if (node.name == "_context")
            out_.reads_anything = true;
        else if (is_variable(node.name))
            read_whole(node.name, place_in(program_, node.position));
    }

    void read_whole(const std::string& name, const Place& place) {
        References::Root& root = out_.roots[name];
        root.is_used_as_a_whole = true;
        root.places.try_emplace("", place);
    }

    bool is_variable(const std::string& name) const {
        if (is_in_macro_ || name == "locale") return false;
        return std::none_of(scopes_.begin(), scopes_.end(), [&](const auto& scope) { return scope.contains(name); });
    }

    /// Variables that a function looks up without being told
    void reads_by_itself(const Builtin& builtin) {
        const std::string_view name = builtin.row->name;
        out_.reads_anything = out_.reads_anything || name == "render" || name == "renderOnce" ||
                              name == "fetchContext" || name == "printContext";
        const std::string_view reads = builtin.row->reads;
        for (std::size_t from = 0; from < reads.size();) {
            const std::size_t end = std::min(reads.find(' ', from), reads.size());
            read_whole(std::string(reads.substr(from, end - from)), {});
            from = end + 1;
        }
    }

    const Program& program_;
    References out_{};
    std::vector<std::set<std::string, std::less<>>> scopes_{};
    bool is_in_macro_ = false;
};

void add_unknown(std::vector<Error>& errors, BuiltinKind kind, const std::vector<References::Used>& names) {
    for (const References::Used& used : names) {
        if (used.is_known) continue;
        errors.push_back(Error{.code = ErrorCode::Expression,
                               .message = unknown_name(kind, used.name),
                               .place = used.place,
                               .kind = fmt::format("unknown {}", to_text(kind))});
    }
}

}  // namespace

bool References::may_read(const std::string& root, const std::string& member) const {
    if (reads_anything) return true;
    const auto found = roots.find(root);
    return found != roots.end() && (found->second.is_used_as_a_whole || found->second.members.contains(member));
}

References references(const Template& text) {
    return Collector(text.program()).run();
}

std::vector<Error> unknown_names(const Template& text) {
    const References found = references(text);
    std::vector<Error> errors;
    add_unknown(errors, BuiltinKind::Filter, found.filters);
    add_unknown(errors, BuiltinKind::Function, found.functions);
    add_unknown(errors, BuiltinKind::Test, found.tests);
    return errors;
}

}  // namespace sluice::expr
