#include "unit/net/loopback_server.h"
#include "unit/tasks/task_rig.h"
#include "value/json.h"

namespace sluice::tasks {
namespace models_test {

using test::contains;
using test::LoopbackServer;
using test::TaskRig;

/// A server with OpenAI's API that answers with this text.
LoopbackServer::Handler saying(const std::string& text) {
    const Value body{
        {"choices", Value(List{Value{{"message", Value{{"content", text}}}, {"finish_reason", "length"}}})},
        {"usage", Value{{"prompt_tokens", 3}, {"completion_tokens", 2}}}};
    return [json = to_json(body)](const test::Seen&) { return test::Reply{test::response("200 OK", json)}; };
}

std::string provider(const LoopbackServer& server) {
    return "provider: {type: io.kestra.plugin.ai.provider.OpenAI, apiKey: k, modelName: m, baseUrl: '" +
           server.url("/v1/") + "'}\n";
}

TEST_CASE("fields are read out of a text, also when the model puts a fence around its JSON") {
    const LoopbackServer server(saying("Here:\n```json\n{\"name\": \"Ada\"}\n```\n"));
    TaskRig rig;
    const Value out = test::ok(rig.run("ai.completion.JSONStructuredExtraction",
                                       provider(server) + "prompt: I am Ada\nschemaName: Person\njsonFields: [name]"));
    CHECK(out.text("extractedJson") == "{\"name\":\"Ada\"}");
    CHECK(out.text("schemaName") == "Person");
    CHECK(out.text("finishReason") == "LENGTH");
    CHECK(rig.metric_value("input.token.count") == 3);
    const Value asked = test::ok(parse_json(server.seen().front().body));
    CHECK(asked.get("response_format", "json_schema", "schema", "required") == Value(List{Value("name")}));
    CHECK(server.seen().front().target == "/v1/chat/completions");
    CHECK(server.seen().front().headers.at("authorization") == "Bearer k");
}

TEST_CASE("a class is one of those that were given") {
    TaskRig rig;
    const std::string rest = "prompt: where?\nclasses: [question, praise]";
    const LoopbackServer server(saying(" \"question\".\n"));
    CHECK(test::ok(rig.run("ai.completion.Classification", provider(server) + rest)).text("classification") ==
          "question");
    const LoopbackServer strange(saying("no idea"));
    CHECK(
        contains(test::failure(rig.run("ai.completion.Classification", provider(strange) + rest)).message, "no idea"));
}

TEST_CASE("an answer that is no JSON, or none at all, is told with its beginning") {
    TaskRig rig;
    const LoopbackServer words(saying("sure!"));
    CHECK(contains(
        test::failure(rig.run("ai.agent.AIAgent", provider(words) + "prompt: x\nconfiguration: {responseFormat: "
                                                                    "{type: JSON}}"))
            .message,
        "sure!"));
    const LoopbackServer empty(
        [](const test::Seen&) { return test::Reply{test::response("200 OK", "{\"choices\":[]}")}; });
    CHECK(contains(test::failure(rig.run("ai.agent.AIAgent", provider(empty) + "prompt: x")).message, "has no text"));
    const LoopbackServer html([](const test::Seen&) { return test::Reply{test::response("200 OK", "<html>")}; });
    CHECK(contains(test::failure(rig.run("ai.agent.AIAgent", provider(html) + "prompt: x")).message, "not JSON"));
}

TEST_CASE("an unknown provider, role or setting is told before anything is asked") {
    const LoopbackServer server(saying("x"));
    TaskRig rig;
    CHECK(test::failure(rig.run("ai.agent.AIAgent",
                                "prompt: x\nprovider: {type: io.kestra.plugin.ai.provider.Nobody, "
                                "modelName: m}"))
              .code == ErrorCode::Invalid);
    CHECK(contains(test::failure(rig.run("ai.completion.ChatCompletion",
                                         provider(server) + "messages: [{type: JUDGE, content: x}]"))
                       .message,
                   "JUDGE"));
    CHECK(contains(
        test::failure(rig.run("ai.agent.AIAgent", provider(server) + "prompt: x\nconfiguration: {temperature: hot}"))
            .message,
        "temperature"));
    CHECK(server.seen().empty());
}

TEST_CASE("images are stored, or named by their addresses") {
    const LoopbackServer server([](const test::Seen&) {
        return test::Reply{test::response("200 OK", "{\"data\":[{\"b64_json\":\"aW1n\"}]}")};
    });
    TaskRig rig;
    const Value out = test::ok(rig.run("openai.CreateImage", "apiKey: k\nbaseUrl: " + server.url("") +
                                                                 "\nprompt: a sluice\nsize: SMALL\ndownload: true"));
    CHECK(rig.file(out["images"].as_list().front().as_string()) == "img");
    CHECK(test::ok(parse_json(server.seen().front().body)).text("size") == "256x256");
}

}  // namespace models_test
}  // namespace sluice::tasks
