#include "tasks/scripts/script_properties.h"

#include "tasks/files/working_files.h"

namespace sluice::tasks {
namespace {

using flow::Shape;
using P = ScriptProperties;

void declare_main(plugin::TaskTypeMaker<P>& type, const std::string& main) {
    if (main == "commands") {
        type.property("commands", &P::commands, "Commands, one after the other", plugin::required)
            .shape(Shape::TextOrList)
            .unrendered();
    } else {
        type.property("script", &P::script, "The script", plugin::required).shape(Shape::Text).unrendered();
    }
    type.property("beforeCommands", &P::before_commands, "Run before, in the same shell")
        .shape(Shape::TextOrList)
        .unrendered();
}

void declare_files(plugin::TaskTypeMaker<P>& type) {
    type.property("env", &P::env,
                  "Environment variables; nothing of the server's environment but PATH, HOME and the like")
        .shape(Shape::MapOrText)
        .unrendered()
        .property(
            "inputFiles", &P::input_files,
            "Files to put into the working directory, by path: texts, or addresses of files (kestra://, nsfile://)")
        .shape(Shape::MapOrText)
        .property("outputFiles", &P::output_files, "Files to keep, as globs relative to the working directory")
        .property("namespaceFiles", &P::namespace_files, "Files of the namespace to put into the working directory")
        .fields(namespace_file_fields());
}

void declare_running(plugin::TaskTypeMaker<P>& type) {
    type.property("interpreter", &P::interpreter, "Gets the commands as its last argument; default [/bin/sh, -c]")
        .property("failFast", &P::fail_fast, "Stops at the first command that fails (set -e)")
        .property("taskRunner", &P::task_runner, "Where it runs; here always as a process of the worker")
        .typed(flow::Category::TaskRunner)
        .property("containerImage", &P::container_image, "Has no effect: no containers are used here")
        .property("runner", &P::runner, "Now taskRunner")
        .values({"PROCESS", "DOCKER"})
        .outdated()
        .property("docker", &P::docker, "Has no effect: no containers are used here")
        .shape(Shape::Any)
        .outdated()
        .property("outputDirectory", &P::output_directory, "Has no effect: there always is an {{ outputDir }}")
        .outdated()
        .property("warningOnStdErr", &P::warning_on_std_err, "Has no effect: lines on standard error are log lines")
        .outdated()
        .property("targetOS", &P::target_os, "Has no effect")
        .values({"AUTO", "LINUX", "WINDOWS"});
}

}  // namespace

void declare_script(plugin::TaskTypeMaker<P>& type, const std::string& main) {
    declare_main(type, main);
    declare_files(type);
    declare_running(type);
    type.output("vars", "What the script told by ::{\"outputs\": {…}}::", Shape::Map)
        .output("outputFiles", "Addresses of the kept files by path", Shape::Map)
        .output("exitCode", "Of the script", Shape::Integer)
        .output("stdOutLineCount", "Lines on standard output", Shape::Integer)
        .output("stdErrLineCount", "Lines on standard error", Shape::Integer);
}

}  // namespace sluice::tasks
