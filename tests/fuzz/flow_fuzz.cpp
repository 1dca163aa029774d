#include <cstddef>
#include <cstdint>

#include "flow/parse_flow.h"
#include "schedule/check_trigger.h"
#include "tasks/catalog.h"
#include "value/json.h"

// Reads any bytes as a flow: there is a flow, or there are mistakes with a place.

using namespace sluice;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const plugin::TaskCatalog catalog = tasks::builtin_catalog();
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto read = [&](std::string_view yaml) {
        return flow::parse_flow(yaml, catalog.types(), {.check_trigger = schedule::check_trigger});
    };
    for (const flow::SourceDocument& document : flow::split_documents(text)) read(document.text);
    const flow::ParsedFlow parsed = read(text);
    ensure(parsed.ok() || !parsed.errors.empty(), "neither a flow nor a mistake");
    for (const Error& error : parsed.errors) ensure(!error.message.empty(), "a mistake without a message");
    to_json(parsed.definition);
    read(flow::with_disabled(text, true));
    read(flow::without_revision(text));
    return 0;
}
