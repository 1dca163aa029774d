#include <cstddef>
#include <cstdint>

#include "http/uri.h"
#include "store/filter.h"
#include "webserver/search_request.h"

// A query string as a list's filters, sorting and paging: there is a search within its limits, or a mistake to tell.

namespace {

using namespace sluice;

constexpr store::Field kFields[] = {
    {"namespace", store::Field::Kind::Text, "f.namespace"}, {"state", store::Field::Kind::Word, "f.state"},
    {"startDate", store::Field::Kind::Time, "f.start_at"},  {"labels", store::Field::Kind::Labels, "f.labels"},
    {"inputs", store::Field::Kind::Map, "f.inputs"},        {"trigger", store::Field::Kind::IndexedMap, "f.trigger"},
};
constexpr store::SortField kOrders[] = {{"id", "f.flow_id"}, {"state.startDate", "f.start_at"}};

template <class T>
void check_told(const Result<T>& result) {
    if (!result) ensure(!result.error().message.empty(), "refused without a reason");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto query = http::Query::parse(text);
    if (!query) return check_told(query), 0;
    const http::Request request{.query = *query};
    const auto search = webserver::search_of(request, parse_iso("2026-12-01T00:00:00Z").value());
    check_told(search);
    if (!search) return 0;
    ensure(search->size >= 1 && search->size <= 10'000, "a page of {} rows", search->size);
    // Values that become SQL would be refused with the query's text; those that are parameters have no limit but size.
    store::Query made("fuzz", "select f.flow_id", "from sluice.flows f where true");
    for (const store::Filter& filter : search->filters) check_told(store::apply(made, filter, kFields));
    for (const store::Filter& filter : search->filters) {
        for (const std::string& value : filter.values) store::apply_words(made, "f.flow_id", value, false);
    }
    check_told(store::apply_sort(made, search->sort, kOrders));
    return 0;
}
