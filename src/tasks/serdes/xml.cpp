#include "plugin/fields.h"
#include "rows/xml_rows.h"
#include "storage/storage.h"
#include "tasks/catalog.h"
#include "tasks/serdes/convert.h"

namespace sluice::tasks {
namespace serdes_xml {

struct ToIon {
    std::string from;
    std::string query;
    std::string charset;
    Value parser_configuration;
};

Result<Value> xml_to_ion(const ToIon& want, plugin::TaskContext& context) {
    std::vector<std::string> lists;
    if (auto done = plugin::Fields(want.parser_configuration, "parserConfiguration").take("forceList", lists).done();
        !done) {
        return tl::unexpected(done.error());
    }
    auto rows =
        rows::XmlRows::open(context.storage(), want.from, want.query, {lists.begin(), lists.end()}, want.charset);
    if (!rows) return tl::unexpected(rows.error());
    return to_rows([&] { return rows->next(); }, context);
}

struct ToXml {
    std::string from;
    std::string root_name = "items";
    std::string row_name = "item";
    std::string charset = "UTF-8";
};

Result<Value> ion_to_xml(const ToXml& want, plugin::TaskContext& context) {
    const auto address = context.file_address("rows.xml");
    if (!address) return tl::unexpected(address.error());
    auto sink = rows::TextSink::create(context.storage(), *address, want.charset);
    if (!sink) return tl::unexpected(sink.error());
    const std::string empty = rows::xml_element(want.root_name, Value(Map()));  // <items></items>
    const std::size_t half = empty.find("</");
    if (auto begun = sink->write(
            fmt::format("<?xml version=\"1.0\" encoding=\"{}\"?>\n{}\n", want.charset, empty.substr(0, half)));
        !begun) {
        return tl::unexpected(begun.error());
    }
    const auto count = for_each_row(want.from, context, [&](const Value& row) {
        return sink->write(rows::xml_element(want.row_name, row.is_list() ? Value(Map{{"item", row}}) : row) + "\n");
    });
    if (!count) return tl::unexpected(count.error());
    if (auto ended = sink->write(empty.substr(half) + "\n"); !ended) return tl::unexpected(ended.error());
    if (auto done = sink->commit(); !done) return tl::unexpected(done.error());
    return converted(*address, *count, context);
}

}  // namespace serdes_xml

plugin::TaskType serdes_xml_xml_to_ion() {
    using namespace serdes_xml;
    return plugin::task_type<ToIon>("serdes.xml.XmlToIon", xml_to_ion)
        .title("Reads an XML file into a file of rows.")
        .description(
            "`query` names the elements that are rows. An element becomes a map of its attributes and children, or its "
            "text when "
            "it has neither; children of one name become a list. The file streams, whatever its size; neither DTDs nor "
            "entities are loaded.")
        .example("The books of a catalogue", R"(id: xml_rows
namespace: company.team
tasks:
  - id: file
    type: io.kestra.plugin.core.http.Download
    uri: https://example.com/books.xml
  - id: rows
    type: io.kestra.plugin.serdes.xml.XmlToIon
    from: "{{ outputs.file.uri }}"
    query: /catalog/book
)")
        .alias("io.kestra.plugin.serdes.xml.XmlReader")
        .property("from", &ToIon::from, "Address of the file", plugin::required)
        .property("query", &ToIon::query,
                  "Names from the root down to the rows: /catalog/book; default: the root is the one row")
        .property("charset", &ToIon::charset, "Of the file; default: what it says itself")
        .property("parserConfiguration", &ToIon::parser_configuration, "How elements become values")
        .fields({{.name = "forceList",
                  .shape = flow::Shape::TextOrList,
                  .description = "Names that become lists also where there is only one"}})
        .output("uri", "Address of the file of rows", flow::Shape::Text)
        .output("size", "How many rows there are", flow::Shape::Integer);
}

plugin::TaskType serdes_xml_ion_to_xml() {
    using namespace serdes_xml;
    return plugin::task_type<ToXml>("serdes.xml.IonToXml", ion_to_xml)
        .title("Writes a file of rows as XML.")
        .description(
            "A row is an element with one for each field in it. What can't be in the name of an element becomes `_`.")
        .example("A query as XML", R"(id: query_to_xml
namespace: company.team
tasks:
  - id: orders
    type: io.kestra.plugin.jdbc.postgresql.Query
    url: jdbc:postgresql://db.example.com:5432/shop
    username: reader
    password: "{{ secret('SHOP_PASSWORD') }}"
    sql: select id, city, amount from orders
    fetchType: STORE
  - id: xml
    type: io.kestra.plugin.serdes.xml.IonToXml
    from: "{{ outputs.orders.uri }}"
    rootName: orders
)")
        .alias("io.kestra.plugin.serdes.xml.XmlWriter")
        .property("from", &ToXml::from, "Address of the file of rows", plugin::required)
        .property("rootName", &ToXml::root_name, "Name of the root")
        .property("rowName", &ToXml::row_name, "Name of the element that a row is")
        .property("charset", &ToXml::charset, "Of the file")
        .output("uri", "Address of the XML file", flow::Shape::Text)
        .output("size", "How many rows there are", flow::Shape::Integer);
}

}  // namespace sluice::tasks
