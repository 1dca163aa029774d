#include "tasks/scripts/script_examples.h"

#include <algorithm>
#include <fmt/format.h>

namespace sluice::tasks {
namespace {

struct Sample {
    std::string_view language;
    std::string_view script;   // tells an output
    std::string_view command;  // runs a file of that language
    std::string_view file;
};

constexpr Sample kSamples[] = {
    {"shell", R"(echo '::{"outputs": {"rows": 7}}::')", "sh hello.sh", "hello.sh"},
    {"python", R"(print('::{"outputs": {"rows": 7}}::'))", "python hello.py", "hello.py"},
    {"node", R"(console.log('::{"outputs": {"rows": 7}}::'))", "node hello.js", "hello.js"},
    {"ruby", R"(puts '::{"outputs": {"rows": 7}}::')", "ruby hello.rb", "hello.rb"},
    {"perl", R"(print "::{\"outputs\": {\"rows\": 7}}::\n";)", "perl hello.pl", "hello.pl"},
    {"r", R"(cat('::{"outputs": {"rows": 7}}::\n'))", "Rscript hello.R", "hello.R"},
    {"julia", R"(println("""::{"outputs": {"rows": 7}}::"""))", "julia hello.jl", "hello.jl"},
    {"php", R"(<?php echo '::{"outputs": {"rows": 7}}::', "\n";)", "php hello.php", "hello.php"},
    {"lua", R"(print('::{"outputs": {"rows": 7}}::'))", "lua hello.lua", "hello.lua"},
    {"deno", R"(console.log('::{"outputs": {"rows": 7}}::'))", "deno run hello.ts", "hello.ts"},
    {"bun", R"(console.log('::{"outputs": {"rows": 7}}::'))", "bun run hello.ts", "hello.ts"},
    {"groovy", R"(println '::{"outputs": {"rows": 7}}::')", "groovy hello.groovy", "hello.groovy"},
    {"powershell", R"(Write-Output '::{"outputs": {"rows": 7}}::')", "./hello.ps1", "hello.ps1"},
};
// One for languages of which the table knows nothing: text that is not looked at.
constexpr Sample kAny{"", "# the program, which may print\n# ::{\"outputs\": {\"rows\": 7}}::", "ls -l", "data.txt"};

std::string indented(std::string_view text, std::string_view margin) {
    std::string out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        out += fmt::format("{}{}\n", margin, text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

}  // namespace

flow::Example script_example(const std::string& language, bool is_script) {
    const auto found = std::ranges::find(kSamples, language, &Sample::language);
    const Sample& sample = found != std::end(kSamples) ? *found : kAny;
    if (is_script) {
        return {"A script that tells an output",
                fmt::format("id: {0}_script\nnamespace: company.team\ntasks:\n  - id: count\n"
                            "    type: io.kestra.plugin.scripts.{0}.Script\n    script: |\n{1}"
                            "  - id: say\n    type: io.kestra.plugin.core.log.Log\n"
                            "    message: \"{{{{ outputs.count.vars.rows }}}} rows\"\n",
                            language, indented(sample.script, "      "))};
    }
    return {"Commands with a file of the namespace, and a file that is kept",
            fmt::format(
                "id: {0}_commands\nnamespace: company.team\ntasks:\n  - id: run\n"
                "    type: io.kestra.plugin.scripts.{0}.Commands\n    namespaceFiles:\n      include: [{1}]\n"
                "    env: {{TABLE: orders}}\n    commands:\n      - {2} > result.txt\n    outputFiles: [result.txt]\n"
                "  - id: show\n    type: io.kestra.plugin.core.log.Log\n"
                "    message: \"{{{{ read(outputs.run.outputFiles['result.txt']) }}}}\"\n",
                language, sample.file, sample.command)};
}

}  // namespace sluice::tasks
