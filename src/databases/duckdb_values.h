#pragma once
#include <memory>
#include <string>
#include <vector>

#include "databases/duckdb_library.h"
#include "expr/zone.h"
#include "value/value.h"

namespace sluice::databases {

/// A column of a chunk, with what its values need to be read.
class DuckColumn {
  public:
    /// zone  where times with zone are shown
    DuckColumn(const DuckLibrary& library, duck_vector* vector, const expr::Zone& zone);

    /// Errors  Invalid: a type that has no value here; cast it
    Result<Value> at(std::uint64_t row) const;

  private:
    Result<Value> valid_at(std::uint64_t row) const;
    Result<Value> list_at(std::uint64_t first, std::uint64_t count) const;
    Result<Value> struct_at(std::uint64_t row) const;
    Result<Value> map_at(std::uint64_t first, std::uint64_t count) const;
    Value decimal_at(std::uint64_t row) const;
    Value enum_at(std::uint64_t row) const;
    void add_child(duck_vector* vector) { children_.emplace_back(library_, vector, zone_); }
    template <class T>
    const T& raw(std::uint64_t row) const {
        return static_cast<const T*>(data_)[row];
    }

    const DuckLibrary& library_;
    const expr::Zone& zone_;
    std::shared_ptr<duck_type> type_;
    DuckType id_;
    void* data_;
    std::uint64_t* validity_;
    std::vector<DuckColumn> children_{};
    std::vector<std::string> names_{};  // of a struct's children
};

}  // namespace sluice::databases
