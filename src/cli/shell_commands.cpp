// sluice completion bash|zsh|fish, sluice man: made of the commands themselves
#include <algorithm>
#include <iostream>
#include <map>

#include "cli/command.h"
#include "cli/options.h"
#include "server/version.h"

namespace sluice::cli {
namespace {

struct Choice {
    std::string word{};
    std::string what{};
};
/// What may follow each path of words: "" → server, flow …; "server" → local …; "server/local" → --port …
using Tree = std::map<std::string, std::vector<Choice>>;

std::string long_name(const OptionHelp& option) {
    return "--" + option.names.substr(option.names.find(',') + 1);
}

void add_choice(std::vector<Choice>& choices, Choice choice) {
    if (std::ranges::find(choices, choice.word, &Choice::word) == choices.end()) choices.push_back(std::move(choice));
}

std::string with_slashes(std::string name) {
    std::ranges::replace(name, ' ', '/');
    return name;
}

Tree command_tree() {
    Tree out;
    for (const Command& command : commands()) {
        const std::string path = with_slashes(command.name);
        for (std::size_t from = 0;;) {
            const std::size_t slash = path.find('/', from);
            const std::string before = from == 0 ? "" : path.substr(0, from - 1);
            const bool last = slash == std::string::npos;
            add_choice(out[before], {path.substr(from, last ? slash : slash - from), last ? command.summary : ""});
            if (last) break;
            from = slash + 1;
        }
        for (const OptionHelp& option : help_of(command.run).options) {
            add_choice(out[path], {long_name(option), option.help});
        }
        add_choice(out[path], {"--help", "shows this"});
    }
    return out;
}

/// For single quotes of a shell.
std::string shell_quoted(const std::string& text) {
    std::string out = "'";
    for (const char c : text) c == '\'' ? out += "'\\''" : out += c;
    return out + "'";
}

std::string bash_completion(const Tree& tree) {
    std::string out = R"sh(# bash completion for sluice; made by `sluice completion bash`
_sluice_words() {
    case $1 in
)sh";
    for (const auto& [path, choices] : tree) {
        out += "    " + shell_quoted(path) + ") echo ";
        std::string words;
        for (const Choice& choice : choices) words += (words.empty() ? "" : " ") + choice.word;
        out += shell_quoted(words) + " ;;\n";
    }
    return out + R"sh(    *) return 1 ;;
    esac
}
_sluice() {
    local at= i word
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        [[ $word == -* ]] && continue
        _sluice_words "${at:+$at/}$word" >/dev/null || break
        at=${at:+$at/}$word
    done
    mapfile -t COMPREPLY < <(compgen -W "$(_sluice_words "$at")" -- "${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _sluice sluice
)sh";
}

std::string zsh_completion(const Tree& tree) {
    std::string out = R"sh(#compdef sluice
# zsh completion for sluice; made by `sluice completion zsh`
_sluice_choices() {
    case $1 in
)sh";
    for (const auto& [path, choices] : tree) {
        out += "    " + shell_quoted(path) + ") choices=(";
        for (const Choice& choice : choices) {
            std::string what;
            for (const char c : choice.what) c == ':' ? what += "\\:" : what += c;
            out += " " + shell_quoted(choice.word + ":" + what);
        }
        out += " ) ;;\n";
    }
    return out + R"sh(    *) return 1 ;;
    esac
}
_sluice() {
    local at= i word
    local -a choices
    for ((i = 2; i < CURRENT; i++)); do
        word=$words[i]
        [[ $word == -* ]] && continue
        _sluice_choices "${at:+$at/}$word" || break
        at=${at:+$at/}$word
    done
    _sluice_choices "$at"
    _describe sluice choices || _files
}
if [ "$funcstack[1]" = _sluice ]; then _sluice "$@"; else compdef _sluice sluice; fi
)sh";
}

std::string fish_completion(const Tree& tree) {
    std::string out = R"sh(# fish completion for sluice; made by `sluice completion fish`
function __sluice_at
    set -l words (commandline -opc)
    set -e words[1]
    set -l at
    for word in $words
        string match -q -- '-*' $word; or set at $at $word
    end
    string match -q -- "$argv[2]" "$at"
end
)sh";
    for (const auto& [path, choices] : tree) {
        std::string words = path;
        std::ranges::replace(words, '/', ' ');
        for (const Choice& choice : choices) {
            const bool option = choice.word.starts_with("--");
            const std::string at = "__sluice_at - \"" + words + (option ? "*" : "") + "\"";
            out += "complete -c sluice -n " + shell_quoted(at) +
                   (option ? " -l " + choice.word.substr(2) : " -f -a " + choice.word) + " -d " +
                   shell_quoted(choice.what) + "\n";
        }
    }
    return out;
}

int completion(const std::vector<std::string>& words) {
    Options options("sluice completion bash|zsh|fish", "Prints what completes commands in a shell.");
    options.arguments();
    if (const auto stop = options.parse(words)) return *stop;
    const std::string shell = options.rest().size() == 1 ? options.rest().front() : "";
    if (shell == "bash")
        std::cout << bash_completion(command_tree());
    else if (shell == "zsh")
        std::cout << zsh_completion(command_tree());
    else if (shell == "fish")
        std::cout << fish_completion(command_tree());
    else
        return fail_usage("which shell? Usage: sluice completion bash|zsh|fish");
    return Exit::Success;
}

// ------------------------------------------------------------------------------------------------------ man

/// Text as troff reads it; a line that begins with a dot or a quote would be a request.
std::string troff(const std::string& text) {
    std::string out = text.starts_with('.') || text.starts_with('\'') ? "\\&" : "";
    for (const char c : text) {
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else
            out += c;
    }
    return out;
}

std::string page_of(const Command& command) {
    const OptionsHelp help = help_of(command.run);
    std::string out = ".SS " + troff("sluice " + command.name) + "\n";
    out += troff(help.summary.empty() ? command.summary : help.summary) + "\n.PP\n.B " + troff(command.usage) + "\n";
    for (const OptionHelp& option : help.options) {
        const std::size_t comma = option.names.find(',');
        const std::string short_name = comma == std::string::npos ? "" : "-" + option.names.substr(0, comma) + ", ";
        out += ".TP\n\\fB" + troff(short_name + long_name(option)) + "\\fR";
        if (!option.placeholder.empty()) out += " \\fI" + troff(option.placeholder) + "\\fR";
        out +=
            "\n" + troff(option.help + (option.otherwise.empty() ? "" : " (default " + option.otherwise + ")")) + "\n";
    }
    return out;
}

constexpr const char* kBegin = R"(.SH NAME
sluice \- workflow orchestration and scheduling on PostgreSQL
.SH SYNOPSIS
.B sluice
\fICOMMAND\fR [\fIOPTION\fR]... [\fIARGUMENT\fR]...
.SH DESCRIPTION
Sluice runs flows, which are YAML documents, on a cluster of identical processes that meet in a PostgreSQL database. A server
runs one or all of the roles webserver, executor, worker and scheduler; the other commands talk to a server, or to the
database itself.
.SH COMMANDS
)";

constexpr const char* kEnd = R"(.SH ENVIRONMENT
Every key of the configuration has a variable: database.url is
.BR SLUICE_DATABASE_URL ;
those of secrets may end in
.BR _FILE .
Commands that talk to a server read
.BR SLUICE_SERVER ", " SLUICE_USER " and " SLUICE_PASSWORD .
.SH FILES
.TP
.I /etc/sluice/sluice.yaml
the configuration of the units
.BR sluice.service " and " sluice@.service .
Every key is explained in
.IR /usr/share/doc/sluice/sluice.yaml .
.SH SIGNALS
A server ends in good order on SIGTERM and SIGINT, and reads its configuration again on SIGHUP.
.SH EXIT STATUS
0: done; 1: it failed; 2: wrong usage. Commands that follow an execution: 3: it was killed, 4: it took too long.
)";

int man(const std::vector<std::string>& words) {
    Options options("sluice man", "Prints the manual page.");
    if (const auto stop = options.parse(words)) return *stop;
    std::cout << ".TH SLUICE 1 \"\" \"Sluice " << server::version() << "\" \"User Commands\"\n" << kBegin;
    for (const Command& command : commands()) std::cout << page_of(command);
    std::cout << kEnd;
    return Exit::Success;
}

}  // namespace

std::vector<Command> shell_commands() {
    return {
        {"completion", "what completes commands in bash, zsh or fish", "sluice completion bash|zsh|fish", completion},
        {"man", "the manual page", "sluice man", man},
    };
}

}  // namespace sluice::cli
