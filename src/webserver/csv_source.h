#pragma once
#include <functional>

#include "http/http.h"
#include "value/value.h"

namespace sluice::webserver {

/// A column of a table: its name, and where its value stands in a row as the API tells it, such as "state.current".
struct CsvColumn {
    const char* name;
    const char* path;
};

/// The next rows of an export; none: that was all.
using CsvPages = std::function<Result<List>()>;

/// Sends rows as CSV (RFC 4180) while they are read, a page at a time: none of it stays in memory, no transaction is
/// open between two pages, and a slow client holds no thread.
///
/// file  the name under which a browser saves it
/// Errors  those of the first page; a later one breaks the answer off
void send_csv(http::Responder responder, const std::string& file, std::vector<CsvColumn> columns, CsvPages pages);

/// A table that is there already, of rows with these names.
http::Response csv_of(const std::string& file, const std::vector<std::string>& columns, const List& rows);

}  // namespace sluice::webserver
