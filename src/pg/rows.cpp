#include "pg/rows.h"

#include <charconv>
#include <libpq-fe.h>

#include "base/error.h"

namespace sluice::pg {
namespace {

template <class Number>
Number parsed(std::string_view text) {
    Number number{};
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    ensure(failed == std::errc{} && end == text.data() + text.size(), "'{}' is not a number", text);
    return number;
}

/// Elements of the text form of a one-dimensional text[]: {a,"b,\"c",NULL}
std::vector<std::string> elements(std::string_view array) {
    std::vector<std::string> out;
    ensure(array.size() >= 2 && array.front() == '{' && array.back() == '}', "'{}' is not an array", array);
    array = array.substr(1, array.size() - 2);
    std::size_t i = 0;
    while (i < array.size()) {
        std::string element;
        if (array[i] == '"') {
            for (++i; i < array.size() && array[i] != '"'; ++i) {
                if (array[i] == '\\') ++i;
                element += array[i];
            }
            ++i;
        } else {
            while (i < array.size() && array[i] != ',') element += array[i++];
        }
        out.push_back(std::move(element));
        ++i;
    }
    return out;
}

}  // namespace

Timestamp parse_timestamptz(std::string_view text) {
    const auto at = parse_iso(text);
    ensure(at.has_value(), "'{}' is not a timestamptz", text);
    return *at;
}

std::optional<std::string_view> Row::next() {
    const int column = column_++;
    ensure(column < PQnfields(result_), "the result has only {} columns", column);
    if (PQgetisnull(result_, row_, column) != 0) return {};
    return std::string_view(PQgetvalue(result_, row_, column),
                            static_cast<std::size_t>(PQgetlength(result_, row_, column)));
}

std::string_view Row::wanted() {
    const auto value = next();
    ensure(value.has_value(), "column {} is null", PQfname(result_, column_ - 1));
    return *value;
}

std::string_view Row::view() {
    return wanted();
}
std::int64_t Row::integer() {
    return parsed<std::int64_t>(wanted());
}
double Row::number() {
    return parsed<double>(wanted());
}
bool Row::boolean() {
    return wanted() == "t";
}
Timestamp Row::timestamp() {
    return parse_timestamptz(wanted());
}
std::vector<std::string> Row::texts() {
    return elements(wanted());
}

std::optional<std::string> Row::maybe_text() {
    const auto value = next();
    return value ? std::optional(std::string(*value)) : std::nullopt;
}
std::optional<std::int64_t> Row::maybe_integer() {
    const auto value = next();
    return value ? std::optional(parsed<std::int64_t>(*value)) : std::nullopt;
}
std::optional<double> Row::maybe_number() {
    const auto value = next();
    return value ? std::optional(parsed<double>(*value)) : std::nullopt;
}
std::optional<bool> Row::maybe_boolean() {
    const auto value = next();
    return value ? std::optional(*value == "t") : std::nullopt;
}
std::optional<Timestamp> Row::maybe_timestamp() {
    const auto value = next();
    return value ? std::optional(parse_timestamptz(*value)) : std::nullopt;
}
std::vector<std::string> Row::maybe_texts() {
    const auto value = next();
    return value ? elements(*value) : std::vector<std::string>();
}

std::optional<std::string> Row::named(const char* column) const {
    const int number = PQfnumber(result_, column);
    if (number < 0 || PQgetisnull(result_, row_, number) != 0) return {};
    return std::string(PQgetvalue(result_, row_, number), static_cast<std::size_t>(PQgetlength(result_, row_, number)));
}

int Row::columns() const {
    return PQnfields(result_);
}
std::string Row::column_name(int column) const {
    return PQfname(result_, column);
}

Rows::Rows(std::shared_ptr<const pg_result> result) : result_(std::move(result)), count_(PQntuples(result_.get())) {}

std::size_t Rows::affected() const {
    // libpq takes a non-const pointer here although it only reads.
    const std::string_view text = PQcmdTuples(const_cast<pg_result*>(result_.get()));
    return text.empty() ? 0 : parsed<std::size_t>(text);
}

std::string_view Rows::command() const {
    return PQcmdStatus(const_cast<pg_result*>(result_.get()));
}

}  // namespace sluice::pg
