#pragma once
#include "plugin/task_type.h"
#include "tasks/files/working_files.h"

namespace sluice::tasks {

/// What all script tasks take.
struct ScriptProperties {
    Value commands;
    Value script;
    Value before_commands;
    Value env;
    Value input_files;
    Value namespace_files;
    std::vector<std::string> output_files;
    std::vector<std::string> interpreter;  // empty: the language's
    bool fail_fast = true;
    std::string container_image;
    Value task_runner;
    std::string runner;
    Value docker;
    bool output_directory = false;
    bool warning_on_std_err = true;
    std::string target_os = "AUTO";
    std::vector<std::string> dependencies;
    // of Python
    std::string python_version;
    std::string package_manager = "PIP";
    bool dependency_cache_enabled = true;
};

/// Where the commands of a type come from.
enum class MainPart {
    Script,
    Commands,
    OptionalCommands,
    None,  // the type knows them itself
};

template <class P>
void declare_script_main(plugin::TaskTypeMaker<P>& type, MainPart main) {
    using flow::Shape;
    if (main == MainPart::Script) {
        type.property("script", &ScriptProperties::script, "The script", plugin::required)
            .shape(Shape::Text)
            .unrendered();
    } else if (main != MainPart::None) {
        type.property("commands", &ScriptProperties::commands, "Commands, one after the other",
                      main == MainPart::Commands ? plugin::Need::Required : plugin::Need::Optional)
            .shape(Shape::TextOrList)
            .unrendered();
    }
    type.property("beforeCommands", &ScriptProperties::before_commands, "Run before, in the same shell")
        .shape(Shape::TextOrList)
        .unrendered();
}

template <class P>
void declare_script_files(plugin::TaskTypeMaker<P>& type) {
    using flow::Shape;
    type.property("env", &ScriptProperties::env,
                  "Environment variables; nothing of the server's environment but PATH, HOME and the like")
        .shape(Shape::MapOrText)
        .unrendered()
        .property(
            "inputFiles", &ScriptProperties::input_files,
            "Files to put into the working directory, by path: texts, or addresses of files (kestra://, nsfile://); "
            "or a list of addresses, which keep their names")
        .shape(Shape::Any)
        .property("outputFiles", &ScriptProperties::output_files,
                  "Files to keep, as globs relative to the working directory")
        .also_called("outputsFiles")
        .property("namespaceFiles", &ScriptProperties::namespace_files,
                  "Files of the namespace to put into the working directory")
        .fields(namespace_file_fields());
}

template <class P>
void declare_script_running(plugin::TaskTypeMaker<P>& type) {
    using flow::Shape;
    type.property("interpreter", &ScriptProperties::interpreter, "Gets the commands as its last argument")
        .property("failFast", &ScriptProperties::fail_fast, "Stops at the first command that fails")
        .also_called("exitOnFailed")
        .property("taskRunner", &ScriptProperties::task_runner,
                  "Where it runs: as a process of the worker, or in a container")
        .typed(flow::Category::TaskRunner)
        .property("containerImage", &ScriptProperties::container_image,
                  "Image of the container; named without a runner, it asks for one")
        .property("runner", &ScriptProperties::runner, "Now taskRunner")
        .values({"PROCESS", "DOCKER"})
        .outdated()
        .property("docker", &ScriptProperties::docker, "Now taskRunner, with the Docker runner's properties")
        .shape(Shape::Any)
        .also_called("dockerOptions")
        .outdated()
        .property("outputDirectory", &ScriptProperties::output_directory,
                  "Has no effect: there always is an {{ outputDir }}")
        .outdated()
        .property("warningOnStdErr", &ScriptProperties::warning_on_std_err,
                  "Has no effect: lines on standard error are log lines")
        .outdated()
        .property("targetOS", &ScriptProperties::target_os, "Has no effect")
        .values({"AUTO", "LINUX", "WINDOWS"});
}

template <class P>
void declare_script_outputs(plugin::TaskTypeMaker<P>& type) {
    using flow::Shape;
    type.output("vars", "What the script told by ::{\"outputs\": {…}}::", Shape::Map)
        .output("outputFiles", "Addresses of the kept files by path", Shape::Map)
        .output("exitCode", "Of the script", Shape::Integer)
        .output("stdOutLineCount", "Lines on standard output", Shape::Integer)
        .output("stdErrLineCount", "Lines on standard error", Shape::Integer)
        .output("taskRunner", "Where it ran: containerId, of a container", Shape::Map);
}

template <class P>
void declare_python(plugin::TaskTypeMaker<P>& type) {
    type.property("dependencies", &ScriptProperties::dependencies,
                  "Packages to install; the same set is installed once and shared by the tasks of a worker's machine")
        .also_called("requirements")
        .property("pythonVersion", &ScriptProperties::python_version, "For example 3.11, if the worker has it")
        .property("packageManager", &ScriptProperties::package_manager, "What installs them; without uv it is pip")
        .values({"PIP", "UV"})
        .property("dependencyCacheEnabled", &ScriptProperties::dependency_cache_enabled,
                  "false: they are installed for this task alone, without pip's downloads");
}

/// Declares what all script types share.
template <class P>
void declare_script(plugin::TaskTypeMaker<P>& type, MainPart main) {
    declare_script_main(type, main);
    declare_script_files(type);
    declare_script_running(type);
    declare_script_outputs(type);
}

}  // namespace sluice::tasks
