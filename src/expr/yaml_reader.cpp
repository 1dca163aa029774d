#include <algorithm>
#include <charconv>
#include <sstream>
#include <utility>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "expr/failure.h"
#include "expr/session.h"
#include "expr/yaml_text.h"
#include "value/extension.h"

namespace sluice::expr {
namespace {

constexpr std::size_t kDeepest = 200;

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

std::string without_underscores(std::string_view text) {
    std::string out(text);
    out.erase(std::remove(out.begin(), out.end(), '_'), out.end());
    return out;
}

/// int, long or big integer, of a text of decimal digits with a sign
Value integer_value(const std::string& decimal) {
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(decimal.data(), decimal.data() + decimal.size(), number);
    if (failed != std::errc{}) return big_integer(decimal);
    if (number >= INT32_MIN && number <= INT32_MAX) return Value(static_cast<std::int32_t>(number));
    return Value(number);
}

std::optional<Value> integer_of(std::string_view text) {
    std::string sign;
    if (text.starts_with('-') || text.starts_with('+')) {
        if (text.front() == '-') sign = "-";
        text.remove_prefix(1);
    }
    if (text.empty() || text.front() < '0' || text.front() > '9') return {};
    int base = 10;
    if (text.starts_with("0x"))
        base = 16;
    else if (text.starts_with("0b"))
        base = 2;
    else if (text.size() > 1 && text.front() == '0')
        base = 8;
    const std::string digits = without_underscores(text.substr(base == 10 ? 0 : base == 8 ? 1 : 2));
    if (base == 10) {
        if (digits.find_first_not_of("0123456789") != std::string::npos) return {};
        return integer_value(sign + digits);
    }
    std::uint64_t number = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
    if (digits.empty() || failed != std::errc{} || end != digits.data() + digits.size()) return {};
    return integer_value(sign + std::to_string(number));
}

std::optional<Value> decimal_of(std::string_view text) {
    if (is_one_of(text, {".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"})) return Value(HUGE_VAL);
    if (is_one_of(text, {"-.inf", "-.Inf", "-.INF"})) return Value(-HUGE_VAL);
    if (is_one_of(text, {".nan", ".NaN", ".NAN"})) return Value(std::numeric_limits<double>::quiet_NaN());
    const std::size_t first_digit = text.find_first_not_of("+-.");
    const bool is_number = first_digit != std::string_view::npos && first_digit <= 2 && text[first_digit] >= '0' &&
                           text[first_digit] <= '9' &&
                           text.find_first_not_of("0123456789+-.eE_") == std::string_view::npos;
    const std::string plain = without_underscores(text);
    if (!is_number || !Decimal::parse(plain)) return {};
    return Value(std::strtod(plain.c_str(), nullptr));
}

/// What a plain scalar stands for
Value plain_value(const std::string& text) {
    if (text.empty() || is_one_of(text, {"null", "Null", "NULL", "~"})) return {};
    if (is_one_of(text, {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"})) return Value(true);
    if (is_one_of(text, {"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"})) return Value(false);
    if (const auto integer = integer_of(text)) return *integer;
    if (const auto decimal = decimal_of(text)) return *decimal;
    return Value(text);
}

/// Builds the value from the parser's events.
class Builder final : public YAML::EventHandler {
  public:
    explicit Builder(Session& session) : session_(session) {}

    void OnDocumentStart(const YAML::Mark& mark) override { begin = mark; }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t) override { put(Value()); }
    void OnAnchor(const YAML::Mark&, const std::string& name) override { anchors_.push_back(name); }
    void OnAlias(const YAML::Mark&, YAML::anchor_t anchor) override {
        put(anchor > 0 && anchor <= anchors_.size() ? Value(anchors_[anchor - 1]) : Value());
    }
    void OnScalar(const YAML::Mark&, const std::string& tag, YAML::anchor_t, const std::string& text) override {
        const bool is_plain = tag == "?" || tag.ends_with(":int") || tag.ends_with(":float") || tag.ends_with(":bool");
        put(is_plain && !is_key() ? plain_value(text) : Value(text));
    }
    void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
        open({.is_map = false});
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
        open({.is_map = true});
    }
    void OnMapEnd() override { close(); }

    YAML::Mark begin{};
    std::optional<Value> result{};

  private:
    struct Level {
        bool is_map = false;
        List items{};
        Map entries{};
        std::optional<std::string> key{};
    };

    bool is_key() const { return !open_.empty() && open_.back().is_map && !open_.back().key; }

    void open(Level level) {
        if (open_.size() >= kDeepest)
            throw failure(FailureKind::YamlParseError, "the YAML is nested deeper than {} levels", kDeepest);
        if (is_key())
            throw failure(FailureKind::YamlParseError, "a key of a map must be a text; quote texts with braces");
        open_.push_back(std::move(level));
    }

    void close() {
        Level done = std::move(open_.back());
        open_.pop_back();
        put(done.is_map ? Value(std::move(done.entries)) : Value(std::move(done.items)));
    }

    void put(Value value) {
        session_.budget().step();
        if (open_.empty()) {
            result = std::move(value);
            return;
        }
        Level& level = open_.back();
        if (!level.is_map) {
            level.items.push_back(std::move(value));
        } else if (!level.key) {
            level.key = value.is_string() ? value.as_string() : "null";
        } else {
            level.entries.set(*level.key, std::move(value));
            level.key.reset();
        }
    }

    Session& session_;
    std::vector<Level> open_{};
    std::vector<std::string> anchors_{};
};

List documents(const std::string& text, bool only_first, Session& session) {
    List out;
    try {
        std::istringstream in(text);
        YAML::Parser parser(in);
        for (int last = -1;;) {
            Builder builder(session);
            if (!parser.HandleNextDocument(builder) || !builder.result) break;
            // What can't begin a document is not taken by the parser: it would find an empty one there for ever.
            if (builder.begin.pos == std::exchange(last, builder.begin.pos))
                throw YAML::ParserException(builder.begin, "unexpected text behind the end of the document");
            out.push_back(std::move(*builder.result));
            if (only_first) break;
        }
    } catch (const YAML::Exception& problem) {
        throw failure(FailureKind::YamlParseError, "the text is no YAML: line {}, column {}: {}", problem.mark.line + 1,
                      problem.mark.column + 1, problem.msg);
    }
    return out;
}

}  // namespace

List values_from_yaml(const std::string& text, Session& session) {
    return documents(text, false, session);
}

Value value_from_yaml(const std::string& text, Session& session) {
    List first = documents(text, true, session);
    if (first.empty()) throw failure(FailureKind::YamlParseError, "the YAML text is empty");
    return std::move(first.front());
}

}  // namespace sluice::expr
