#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "base/error.h"

namespace sluice::databases {

// The C interface of libduckdb, as far as it is used; its structs and numbers are promises of DuckDB since 1.0.

struct duck_database;
struct duck_connection;
struct duck_statement;
struct duck_chunk;
struct duck_vector;
struct duck_type;

struct DuckResult {
    std::uint64_t unused[3];
    void* columns;
    char* message;
    void* data;
};

enum class DuckType : int {
    Boolean = 1,
    TinyInt,
    SmallInt,
    Integer,
    BigInt,
    UTinyInt,
    USmallInt,
    UInteger,
    UBigInt,
    Float,
    Double,
    Timestamp,
    Date,
    Time,
    Interval,
    HugeInt,
    Varchar,
    Blob,
    Decimal,
    TimestampS,
    TimestampMs,
    TimestampNs,
    Enum,
    List,
    Struct,
    Map,
    Uuid,
    Union,
    Bit,
    TimeTz,
    TimestampTz,
    UHugeInt,
    Array,
};

/// libduckdb, which Debian does not have: loaded when a task asks for it, and kept.
class DuckLibrary {
  public:
    /// The library of SLUICE_DUCKDB_LIBRARY, or libduckdb.so where the system looks for libraries.
    /// Errors  Unavailable: it is not there, with what to do
    static Result<const DuckLibrary*> load();

    int (*open_ext)(const char*, duck_database**, void*, char**);
    void (*close)(duck_database**);
    int (*connect)(duck_database*, duck_connection**);
    void (*disconnect)(duck_connection**);
    void (*interrupt)(duck_connection*);
    int (*prepare)(duck_connection*, const char*, duck_statement**);
    const char* (*prepare_error)(duck_statement*);
    void (*destroy_prepare)(duck_statement**);
    std::uint64_t (*nparams)(duck_statement*);
    int (*bind_null)(duck_statement*, std::uint64_t);
    int (*bind_boolean)(duck_statement*, std::uint64_t, bool);
    int (*bind_int64)(duck_statement*, std::uint64_t, std::int64_t);
    int (*bind_double)(duck_statement*, std::uint64_t, double);
    int (*bind_varchar_length)(duck_statement*, std::uint64_t, const char*, std::uint64_t);
    int (*execute_prepared_streaming)(duck_statement*, DuckResult*);
    const char* (*result_error)(DuckResult*);
    void (*destroy_result)(DuckResult*);
    int (*result_return_type)(DuckResult);
    std::uint64_t (*rows_changed)(DuckResult*);
    std::uint64_t (*column_count)(DuckResult*);
    const char* (*column_name)(DuckResult*, std::uint64_t);
    duck_chunk* (*fetch_chunk)(DuckResult);
    void (*destroy_data_chunk)(duck_chunk**);
    std::uint64_t (*data_chunk_get_size)(duck_chunk*);
    duck_vector* (*data_chunk_get_vector)(duck_chunk*, std::uint64_t);
    duck_type* (*vector_get_column_type)(duck_vector*);
    void* (*vector_get_data)(duck_vector*);
    std::uint64_t* (*vector_get_validity)(duck_vector*);
    duck_vector* (*list_vector_get_child)(duck_vector*);
    duck_vector* (*struct_vector_get_child)(duck_vector*, std::uint64_t);
    duck_vector* (*array_vector_get_child)(duck_vector*);
    DuckType (*get_type_id)(duck_type*);
    void (*destroy_logical_type)(duck_type**);
    std::uint8_t (*decimal_width)(duck_type*);
    std::uint8_t (*decimal_scale)(duck_type*);
    DuckType (*enum_internal_type)(duck_type*);
    char* (*enum_dictionary_value)(duck_type*, std::uint64_t);
    std::uint64_t (*array_type_array_size)(duck_type*);
    std::uint64_t (*struct_type_child_count)(duck_type*);
    char* (*struct_type_child_name)(duck_type*, std::uint64_t);
    void (*free)(void*);

  private:
    Result<void> find_all(void* handle);
};

}  // namespace sluice::databases
