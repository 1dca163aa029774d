#include "rows/yaml_rows.h"
#include "storage/storage.h"
#include "tasks/catalog.h"
#include "tasks/serdes/convert.h"

namespace sluice::tasks {
namespace serdes_yaml {

constexpr std::uint64_t kLongestFile = 64ULL * 1024 * 1024;

struct Properties {
    std::string from;
    std::string charset = "UTF-8";
};

Result<std::string> whole_text(const Properties& want, plugin::TaskContext& context) {
    auto source = rows::TextSource::open(context.storage(), want.from, want.charset);
    if (!source) return tl::unexpected(source.error());
    std::string out;
    while (true) {
        const auto piece = source->next();
        if (!piece || piece->empty()) return piece ? Result<std::string>(std::move(out)) : piece;
        out += *piece;
        if (out.size() > kLongestFile)
            return refuse(ErrorCode::TooLarge, "a YAML file is read as a whole; this one has more than 64 MiB");
    }
}

Result<Value> yaml_to_ion(const Properties& want, plugin::TaskContext& context) {
    const auto text = whole_text(want, context);
    if (!text) return tl::unexpected(text.error());
    auto all = rows::rows_of_yaml(*text);
    if (!all) return tl::unexpected(all.error());
    std::size_t at = 0;
    return to_rows(
        [&]() -> Result<std::optional<Value>> {
            return at < all->size() ? std::optional((*all)[at++]) : std::optional<Value>();
        },
        context);
}

Result<Value> ion_to_yaml(const Properties& want, plugin::TaskContext& context) {
    const auto address = context.file_address("rows.yaml");
    if (!address) return tl::unexpected(address.error());
    auto sink = rows::TextSink::create(context.storage(), *address, want.charset);
    if (!sink) return tl::unexpected(sink.error());
    const auto count =
        for_each_row(want.from, context, [&](const Value& row) { return sink->write(rows::yaml_item(row)); });
    if (!count) return tl::unexpected(count.error());
    if (*count == 0) {
        if (auto written = sink->write("[]\n"); !written) return tl::unexpected(written.error());
    }
    if (auto done = sink->commit(); !done) return tl::unexpected(done.error());
    return converted(*address, *count, context);
}

}  // namespace serdes_yaml

plugin::TaskType serdes_yaml_yaml_to_ion() {
    using namespace serdes_yaml;
    return plugin::task_type<Properties>("serdes.yaml.YamlToIon", yaml_to_ion)
        .title("Reads a YAML file into a file of rows.")
        .description("The items of a list are rows; so is each document that is none. The file may have 64 MiB.")
        .example("A list of servers as rows", R"(id: yaml_rows
namespace: company.team
tasks:
  - id: file
    type: io.kestra.plugin.core.http.Download
    uri: https://example.com/servers.yaml
  - id: rows
    type: io.kestra.plugin.serdes.yaml.YamlToIon
    from: "{{ outputs.file.uri }}"
)")
        .property("from", &Properties::from, "Address of the file", plugin::required)
        .property("charset", &Properties::charset, "Of the file")
        .output("uri", "Address of the file of rows", flow::Shape::Text)
        .output("size", "How many rows there are", flow::Shape::Integer);
}

plugin::TaskType serdes_yaml_ion_to_yaml() {
    using namespace serdes_yaml;
    return plugin::task_type<Properties>("serdes.yaml.IonToYaml", ion_to_yaml)
        .title("Writes a file of rows as YAML.")
        .description("The file is a list, with an item for each row.")
        .example("A query as YAML", R"(id: query_to_yaml
namespace: company.team
tasks:
  - id: servers
    type: io.kestra.plugin.jdbc.postgresql.Query
    url: jdbc:postgresql://db.example.com:5432/inventory
    username: reader
    password: "{{ secret('INVENTORY_PASSWORD') }}"
    sql: select name, address from servers
    fetchType: STORE
  - id: yaml
    type: io.kestra.plugin.serdes.yaml.IonToYaml
    from: "{{ outputs.servers.uri }}"
)")
        .property("from", &Properties::from, "Address of the file of rows", plugin::required)
        .property("charset", &Properties::charset, "Of the file")
        .output("uri", "Address of the YAML file", flow::Shape::Text)
        .output("size", "How many rows there are", flow::Shape::Integer);
}

}  // namespace sluice::tasks
