#include "databases/duckdb_library.h"

#include <cstdlib>
#include <dlfcn.h>
#include <mutex>

namespace sluice::databases {
namespace {

constexpr auto kVariable = "SLUICE_DUCKDB_LIBRARY";
constexpr auto kAdvice =
    "DuckDB's library is not there. Debian has no package of it: put libduckdb.so, from libduckdb-linux-amd64.zip of a "
    "release "
    "of DuckDB or from the npm package @duckdb/node-bindings-linux-x64, into /usr/local/lib and run ldconfig, or set "
    "SLUICE_DUCKDB_LIBRARY to its path on each worker";

}  // namespace

Result<const DuckLibrary*> DuckLibrary::load() {
    static std::mutex mutex;
    static std::unique_ptr<DuckLibrary> loaded;
    const std::lock_guard lock(mutex);
    if (loaded) return loaded.get();
    const char* path = std::getenv(kVariable);
    void* handle = dlopen(path != nullptr ? path : "libduckdb.so", RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
        const char* reason = dlerror();
        return refuse(ErrorCode::Unavailable, "{} ({})", kAdvice, reason != nullptr ? reason : "not found");
    }
    auto library = std::make_unique<DuckLibrary>();
    if (auto found = library->find_all(handle); !found) {
        dlclose(handle);
        return tl::unexpected(found.error());
    }
    loaded = std::move(library);
    return loaded.get();
}

Result<void> DuckLibrary::find_all(void* handle) {
    std::string missing;
    const auto find = [&]<class Function>(const char* name, Function*& to) {
        // POSIX promises that a function's address survives this.
        to = reinterpret_cast<Function*>(dlsym(handle, name));
        if (to == nullptr && missing.empty()) missing = name;
    };
    find("duckdb_open_ext", open_ext);
    find("duckdb_close", close);
    find("duckdb_connect", connect);
    find("duckdb_disconnect", disconnect);
    find("duckdb_interrupt", interrupt);
    find("duckdb_prepare", prepare);
    find("duckdb_prepare_error", prepare_error);
    find("duckdb_destroy_prepare", destroy_prepare);
    find("duckdb_nparams", nparams);
    find("duckdb_bind_null", bind_null);
    find("duckdb_bind_boolean", bind_boolean);
    find("duckdb_bind_int64", bind_int64);
    find("duckdb_bind_double", bind_double);
    find("duckdb_bind_varchar_length", bind_varchar_length);
    find("duckdb_execute_prepared_streaming", execute_prepared_streaming);
    find("duckdb_result_error", result_error);
    find("duckdb_destroy_result", destroy_result);
    find("duckdb_result_return_type", result_return_type);
    find("duckdb_rows_changed", rows_changed);
    find("duckdb_column_count", column_count);
    find("duckdb_column_name", column_name);
    find("duckdb_fetch_chunk", fetch_chunk);
    find("duckdb_destroy_data_chunk", destroy_data_chunk);
    find("duckdb_data_chunk_get_size", data_chunk_get_size);
    find("duckdb_data_chunk_get_vector", data_chunk_get_vector);
    find("duckdb_vector_get_column_type", vector_get_column_type);
    find("duckdb_vector_get_data", vector_get_data);
    find("duckdb_vector_get_validity", vector_get_validity);
    find("duckdb_list_vector_get_child", list_vector_get_child);
    find("duckdb_struct_vector_get_child", struct_vector_get_child);
    find("duckdb_array_vector_get_child", array_vector_get_child);
    find("duckdb_get_type_id", get_type_id);
    find("duckdb_destroy_logical_type", destroy_logical_type);
    find("duckdb_decimal_width", decimal_width);
    find("duckdb_decimal_scale", decimal_scale);
    find("duckdb_enum_internal_type", enum_internal_type);
    find("duckdb_enum_dictionary_value", enum_dictionary_value);
    find("duckdb_array_type_array_size", array_type_array_size);
    find("duckdb_struct_type_child_count", struct_type_child_count);
    find("duckdb_struct_type_child_name", struct_type_child_name);
    find("duckdb_free", free);
    if (missing.empty()) return {};
    return refuse(ErrorCode::Unavailable, "the library of DuckDB has no {}: a release from 1.0 on is wanted", missing);
}

}  // namespace sluice::databases
