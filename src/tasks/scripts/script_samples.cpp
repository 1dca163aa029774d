#include "tasks/scripts/script_samples.h"

#include <vector>

#include "base/error.h"

namespace sluice::tasks {

const ScriptSample& script_sample(const std::string& language) {
    static const std::vector<ScriptSample> samples{
        {"shell", "echo Hello", "hello.sh", "sh hello.sh"},
        {"python", "print(\"Hello\")", "hello.py", "python hello.py"},
        {"node", "console.log(\"Hello\")", "hello.js", "node hello.js"},
        {"powershell", "Write-Output \"Hello\"", "hello.ps1", "./hello.ps1"},
        {"ruby", "puts \"Hello\"", "hello.rb", "ruby hello.rb"},
        {"perl", "print \"Hello\\n\";", "hello.pl", "perl hello.pl"},
        {"r", "cat(\"Hello\\n\")", "hello.R", "Rscript hello.R"},
        {"julia", "println(\"Hello\")", "hello.jl", "julia hello.jl"},
        {"php", "<?php echo \"Hello\\n\";", "hello.php", "php hello.php"},
        {"lua", "print(\"Hello\")", "hello.lua", "lua hello.lua"},
        {"deno", "console.log(\"Hello\");", "hello.ts", "deno run hello.ts"},
        {"bun", "console.log(\"Hello\");", "hello.ts", "bun run hello.ts"},
        {"go", "package main; import \"fmt\"; func main() { fmt.Println(\"Hello\") }", "hello.go", "go run hello.go"},
        {"groovy", "println \"Hello\"", "hello.groovy", "groovy hello.groovy"},
        {"jbang", "class hello { public static void main(String... a) { System.out.println(\"Hello\"); } }",
         "hello.java", "jbang hello.java"},
    };
    for (const ScriptSample& one : samples) {
        if (language == one.language) return one;
    }
    throw BugError("there is no example of " + language);
}

}  // namespace sluice::tasks
