#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "pg/pg.h"

namespace sluice::store {

/// A SELECT whose conditions are chosen at run time: filters are a language of their own, and a statement for each
/// combination of them would be thousands. Only texts of this program become SQL; what a user wrote is a parameter.
///
///     Query query("find_flows", "select flow_id", "from sluice.flows f where f.latest");
///     query.where("f.namespace = $?", name);
class Query {
  public:
    /// `name` stands for it in error messages. `from` has a WHERE with the conditions that always hold.
    Query(std::string name, std::string select, std::string from)
        : name_(std::move(name)), select_(std::move(select)), from_(std::move(from)) {}

    /// One more condition; each `$?` in it stands for the next value.
    template <class... Args>
    Query& where(std::string_view condition, const Args&... values) {
        (parameters_.add(values), ...);
        add(condition, sizeof...(values));
        return *this;
    }
    /// One condition, with its single `$?`, for each value: any of them will do.
    Query& where_any(std::string_view condition, const std::vector<std::string>& values);
    /// The place of a value, such as "$3", in a text that is put together of several conditions.
    template <class T>
    std::string place_of(const T& value) {
        parameters_.add(value);
        return fmt::format("${}", ++used_);
    }
    /// What is selected, where that has places, too.
    Query& select(std::string text) {
        select_ = std::move(text);
        return *this;
    }
    /// Once, after the last condition.
    Query& group_by(std::string_view terms);
    Query& order_by(std::string_view terms);
    Query& limit(std::size_t most, std::size_t offset = 0);

    pg::Rows run(pg::Connection& connection) const;
    /// Its rows are the table q of another one: `head` goes before them, `tail` behind.
    pg::Rows run_within(pg::Connection& connection, const std::string& head, const std::string& tail) const;

    struct Count {
        std::int64_t rows = 0;
        bool estimated = false;
    };
    /// How many rows match, to the end.
    Count count(pg::Connection& connection) const;
    /// Counted up to `most`, in the order that was given, if any, and of a long history not for long; from there on the
    /// planner's estimate. Not within a transaction.
    Count count_or_estimate(pg::Connection& connection, std::int64_t most) const;
    /// What the planner thinks.
    std::int64_t estimate(pg::Connection& connection) const;

  private:
    void add(std::string_view condition, std::size_t values);
    std::int64_t count_to(pg::Connection& connection, std::int64_t most) const;
    std::optional<std::int64_t> count_for_a_while(pg::Connection& connection, std::int64_t most) const;

    std::string name_;
    std::string select_;
    std::string from_;
    std::string order_{};
    std::string limit_{};
    pg::Parameters parameters_{};
    std::size_t used_ = 0;
};

}  // namespace sluice::store
