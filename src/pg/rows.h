#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

// libpq's result; its header stays out of ours.
struct pg_result;

namespace sluice::pg {

/// One row of a result, read column by column in the order of the statement's select list.
///
/// Errors  BugError when a column is NULL that was not asked for as maybe_…, or is not of the form that was asked for
class Row {
  public:
    Row(const pg_result* result, int row) : result_(result), row_(row) {}

    std::string text() { return std::string(view()); }
    std::string_view view();  // valid as long as the Rows
    std::int64_t integer();
    double number();
    bool boolean();
    Timestamp timestamp();
    std::vector<std::string> texts();  // of a text[]

    std::optional<std::string> maybe_text();
    std::optional<std::int64_t> maybe_integer();
    std::optional<double> maybe_number();
    std::optional<bool> maybe_boolean();
    std::optional<Timestamp> maybe_timestamp();
    std::vector<std::string> maybe_texts();  // NULL: none

    /// Leaves a column out.
    Row& skip() {
        ++column_;
        return *this;
    }
    /// By name, for results whose shape is not ours. Empty: NULL or no such column
    std::optional<std::string> named(const char* column) const;
    int columns() const;
    std::string column_name(int column) const;

  private:
    std::optional<std::string_view> next();
    std::string_view wanted();

    const pg_result* result_;
    int row_;
    int column_ = 0;
};

/// The rows of a result, kept until this is gone.
class Rows {
  public:
    explicit Rows(std::shared_ptr<const pg_result> result);

    std::size_t size() const { return static_cast<std::size_t>(count_); }
    bool empty() const { return count_ == 0; }
    Row operator[](std::size_t i) const { return Row(result_.get(), static_cast<int>(i)); }
    /// Rows that the statement changed.
    std::size_t affected() const;
    /// What the server says it did: "COMMIT", "INSERT 0 1".
    std::string_view command() const;

    class Iterator {
      public:
        Iterator(const pg_result* result, int row) : result_(result), row_(row) {}
        Row operator*() const { return Row(result_, row_); }
        Iterator& operator++() {
            ++row_;
            return *this;
        }
        bool operator!=(const Iterator& other) const { return row_ != other.row_; }

      private:
        const pg_result* result_;
        int row_;
    };
    Iterator begin() const { return {result_.get(), 0}; }
    Iterator end() const { return {result_.get(), count_}; }

  private:
    std::shared_ptr<const pg_result> result_;
    int count_;
};

/// The instant in PostgreSQL's text form of timestamptz ("2026-01-05 10:00:00.12+00").
Timestamp parse_timestamptz(std::string_view text);

}  // namespace sluice::pg
