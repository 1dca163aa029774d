#include "unit/tasks/task_rig.h"

namespace sluice::tasks {
namespace {

using test::TaskRig;

constexpr const char* kFrom = "from: kestra:///in\n";

/// What a task makes of a file.
std::string made(const std::string& type, const std::string& input, const std::string& more = "") {
    TaskRig rig;
    rig.put_file("kestra:///in", input);
    const auto out = rig.run("serdes." + type, kFrom + more);
    return out ? rig.file(out->text("uri")) : "error: " + out.error().message;
}

}  // namespace

TEST_CASE("CSV becomes rows, and rows become CSV") {
    CHECK(made("csv.CsvToIon", "id,my city\n1,Paris\n2,\n") ==
          "{id:\"1\",'my city':\"Paris\"}\n{id:\"2\",'my city':\"\"}\n");
    CHECK(made("csv.CsvToIon", "1;a\n2;b\n", "header: false\nfieldSeparator: ;\n") == "[\"1\",\"a\"]\n[\"2\",\"b\"]\n");
    CHECK(made("csv.CsvToIon", "junk\na,b\n\n1\n", "skipRows: 1\nskipEmptyRows: true\n") == "{a:\"1\"}\n");
    CHECK(made("csv.CsvReader", "a\n1\n2\n3\n", "maxRows: 2\n") == "{a:\"1\"}\n{a:\"2\"}\n");
    CHECK(test::contains(made("csv.CsvToIon", "a,b,a\n1,2,3\n"), "error: line 1: the header has 'a' twice"));
    CHECK(made("csv.CsvToIon", "a,b\n1,2,3\n") == "error: line 2: expected 2 fields, found 3");
    CHECK(made("csv.CsvToIon", "a,b\n1\n", "errorOnDifferentFieldCount: true") ==
          "error: line 2: expected 2 fields, found 1");

    const std::string rows = "{id:1,name:\"a,b\",at:2024-02-29,n:1.50,l:[1],none:null}\n{\"id\":2,\"name\":\"x\"}\n";
    CHECK(made("csv.IonToCsv", rows) == "id,name,at,n,l,none\n1,\"a,b\",2024-02-29,1.50,[1],\n2,x,,,,\n");
    CHECK(made("csv.IonToCsv", rows, "columns: [name, id]\nheader: false\nfieldSeparator: ;\nquoteMode: ALL\n") ==
          "\"a,b\";\"1\"\n\"x\";\"2\"\n");
    CHECK(made("csv.IonToCsv", "{a:1}\n{a:1,b:2}\n") ==
          "error: row 2: it has a field 'b', which the first row has not; name the columns of the file in 'columns'");
    CHECK(made("csv.IonToCsv", "{a:\"é\"}\n", "charset: ISO-8859-1\n") == "a\n\xE9\n");
    CHECK(made("csv.IonToCsv", "") == "");
}

TEST_CASE("dates stand in CSV as their formats say") {
    const std::string rows =
        "{t:ZonedDateTime::\"2024-02-29T10:00+01:00\",l:LocalDateTime::\"2024-02-29T10:00:01\",d:2024-02-29,c:"
        "LocalTime::\"10:00\"}\n";
    CHECK(made("csv.IonToCsv", rows, "header: false\n") ==
          "2024-02-29T10:00:00.000+01:00,2024-02-29T10:00:01.000,2024-02-29,10:00:00\n");
    CHECK(made("csv.IonToCsv", rows,
               "header: false\ntimeZoneId: UTC\ndateTimeFormat: yyyy-MM-dd HH:mm[ XXX]\ndateFormat: "
               "dd.MM.yyyy\ntimeFormat: HH.mm\n") == "2024-02-29 09:00 Z,2024-02-29 10:00,29.02.2024,10.00\n");
    CHECK(test::contains(made("csv.IonToCsv", rows, "dateFormat: b\n"), "error: row 1: a date can't be written"));
}

TEST_CASE("JSON becomes rows, line by line or as one list, and back") {
    CHECK(made("json.JsonToIon", "{\"a\":1}\n\n[2,3]\n") == "{a:1}\n[2,3]\n");
    CHECK(made("json.JsonToIon", " [ {\"a\": \"x]y\"} , {\"a\": [1, {}]}, 3 ]\n", "newLine: false") ==
          "{a:\"x]y\"}\n{a:[1,{}]}\n3\n");
    CHECK(made("json.JsonToIon", "{\"a\":1}", "newLine: false") == "{a:1}\n");
    CHECK(made("json.JsonToIon", "[]", "newLine: false") == "");
    CHECK(made("json.JsonToIon", "[{\"a\":1}", "newLine: false") == "error: the list is not closed behind row 1");
    CHECK(made("json.JsonToIon", "[1 2]", "newLine: false") == "error: expected ',' or ']' behind row 1, found '2'");
    CHECK(made("json.JsonToIon", "[1] 2", "newLine: false") == "error: there is more behind the list of 1 rows");
    CHECK(test::contains(made("json.JsonToIon", "{\"a\":1}\nnix\n"), "error: row 2: "));
    CHECK(made("json.IonToJson", "{a:1.50,t:2024-02-29}\nnull.int\n{b:\"\\x41\"}\n") ==
          "{\"a\":1.50,\"t\":\"2024-02-29\"}\nnull\n{\"b\":\"A\"}\n");
    CHECK(made("json.IonToJson", "{a:1}\n{a:2}\n", "newLine: false") == "[{\"a\":1},{\"a\":2}]");
    CHECK(made("json.IonToJson", "", "newLine: false") == "[]");
    const std::string text(300'000, 'x');
    CHECK(made("json.JsonToIon", "[{\"a\":\"" + text + "\"},{\"a\":\"" + text + "\"}]", "newLine: false") ==
          "{a:\"" + text + "\"}\n{a:\"" + text + "\"}\n");
}

TEST_CASE("YAML becomes rows, and back") {
    CHECK(made("yaml.YamlToIon", "- a: 1\n- a: x\n") == "{a:1}\n{a:\"x\"}\n");
    CHECK(made("yaml.YamlToIon", "a: 1\n---\na: 2\n") == "{a:1}\n{a:2}\n");
    CHECK(test::contains(made("yaml.YamlToIon", "a: [1\n"), "error: the text is no YAML: line"));
    const std::string yaml = made("yaml.IonToYaml", "{a:1,b:[x]}\n{a:2}\n");
    CHECK(made("yaml.YamlToIon", yaml) == "{a:1,b:[\"x\"]}\n{a:2}\n");
    CHECK(made("yaml.IonToYaml", "") == "[]\n");
}

TEST_CASE("elements of XML become rows, and back") {
    const std::string xml =
        "<?xml version=\"1.0\"?><catalog><book id=\"7\"><title>A &amp; B</title><tag>x</tag><tag>y</tag></book>\n"
        "<other/><book id=\"007\"><title lang=\"en\">C</title><price>1.50</price></book></catalog>";
    CHECK(made("xml.XmlToIon", xml, "query: /catalog/book") ==
          "{id:7,title:\"A & B\",tag:[\"x\",\"y\"]}\n{id:\"007\",title:{lang:\"en\",content:\"C\"},price:1.50}\n");
    CHECK(made("xml.XmlToIon", "<a><b>1</b></a>") == "{b:1}\n");
    CHECK(made("xml.XmlToIon", "<a><b>1</b></a>", "parserConfiguration: {forceList: [b]}") == "{b:[1]}\n");
    CHECK(test::contains(made("xml.XmlToIon", "<a>\n<b></a>"), "error: the file is no XML: line 2"));
    CHECK(made("xml.IonToXml", "{id:1,'my name':\"<x>\",l:[1,2],none:null}\n", "rootName: all\nrowName: one") ==
          "<?xml version=\"1.0\" "
          "encoding=\"UTF-8\"?>\n<all>\n<one><id>1</id><my_name>&lt;x&gt;</my_name><l>1</l><l>2</l><none></none></"
          "one>\n</all>\n");
}

TEST_CASE("what is only unusual in an XML file is read") {
    TaskRig rig;
    rig.put_file("kestra:///a.xml", "<all xmlns=\"relative/address\"><row><n>1</n></row></all>");
    const Value out = test::ok(rig.run("serdes.xml.XmlToIon", "from: kestra:///a.xml\nquery: /all/row"));
    CHECK(rig.file(out.text("uri")) == "{n:1}\n");
}

TEST_CASE("entities of an XML file are not expanded, and its DTD reaches no file") {
    const std::string bomb =
        "<!DOCTYPE a [<!ENTITY x \"xxxxxxxxxx\"><!ENTITY y \"&x;&x;&x;\"><!ENTITY f SYSTEM \"file:///etc/passwd\">]>"
        "<a><b>&y;</b><c>&f;</c></a>";
    CHECK(made("xml.XmlToIon", bomb) == "{b:\"\",c:\"\"}\n");
}

TEST_CASE("rows become a workbook of Excel") {
    TaskRig rig;
    rig.put_file("kestra:///in", "{id:1,name:\"x\",at:2024-02-29,big:12345678901234567890}\n{id:2,ok:true}\n");
    const Value out = test::ok(rig.run("serdes.excel.IonToExcel", std::string(kFrom) + "sheetsTitle: Orders"));
    CHECK(out["size"] == Value(2));
    CHECK(rig.file(out.text("uri")).starts_with("PK"));
    CHECK(test::contains(
        test::failure(rig.run("serdes.excel.IonToExcel", std::string(kFrom) + "sheetsTitle: 'a/b'")).message,
        "the name of a sheet"));
    test::ok(rig.run("serdes.excel.IonToExcel", "from: {one: kestra:///in, two: kestra:///in}"));
}

TEST_CASE("a line that is no row is told by its number") {
    CHECK(test::contains(made("json.IonToJson", "{a:1}\n{a:\n"),
                         "error: line 2 of the file: expected a row of Ion or JSON"));
}

}  // namespace sluice::tasks
