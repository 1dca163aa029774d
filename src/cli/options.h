#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "value/value.h"

namespace sluice::cli {

/// What an option is, for pages and completions.
struct OptionHelp {
    std::string names{};  // "p,port"
    std::string help{};
    std::string placeholder{};  // empty: it takes no value
    std::string otherwise{};
};
struct OptionsHelp {
    std::string usage{};
    std::string summary{};
    std::vector<OptionHelp> options{};
    bool takes_arguments = false;
};

/// What a command would take: `run` gets as far as Options::parse(), which then ends it. Threads  main's
OptionsHelp help_of(const std::function<int(std::vector<std::string>)>& run);

/// What a command takes, and what it was given.
///
///     Options options("sluice flow list", "Lists flows.");
///     options.flag("namespace", "only this namespace and those below", "NS").arguments("FILE…");
///     if (const auto stop = options.parse(words)) return *stop;
class Options {
  public:
    Options(std::string usage, std::string summary);
    ~Options();

    /// An option with a value: --name VALUE or --name=VALUE. `names` may have a short form: "p,port".
    Options& value(const std::string& names, const std::string& help, const std::string& placeholder,
                   const std::string& otherwise = "");
    /// The same, repeatable.
    Options& values(const std::string& names, const std::string& help, const std::string& placeholder);
    Options& flag(const std::string& names, const std::string& help);
    /// Allows arguments that are no options; told in the usage line.
    Options& arguments();

    /// Empty: go on. Otherwise the exit code, after help or a message on standard error.
    std::optional<int> parse(const std::vector<std::string>& words);

    bool has(const std::string& name) const;
    std::string text(const std::string& name) const;
    std::vector<std::string> texts(const std::string& name) const;
    const std::vector<std::string>& rest() const { return rest_; }

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
    std::vector<std::string> rest_{};
};

/// Tells a mistake on standard error. Returns the exit code.
int fail(const Error& error);
int fail_usage(const std::string& message);

/// Rows as a table for people, or as JSON: --output table|json
void print_rows(const std::vector<std::string>& columns, const std::vector<Value>& rows, bool as_json);

}  // namespace sluice::cli
