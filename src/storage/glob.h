#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace sluice::storage {

/// A pattern for paths, as Java's file systems read them: '*' stays within a folder, '**' does not, '?' is one
/// character, [a-z] and [!a-z] are sets, {a,b} is a choice, '\' takes the next character literally. A leading dot is
/// nothing special. With "regex:" before it, a regular expression for the whole path; "glob:" says what is understood
/// anyway. Threads  any
class Glob {
  public:
    /// Errors  Invalid: a set or a choice without an end, choices within choices, a broken regular expression
    static Result<Glob> parse(std::string_view pattern);

    bool matches(std::string_view path) const;

  private:
    class Matcher;
    explicit Glob(std::shared_ptr<const Matcher> matcher) : matcher_(std::move(matcher)) {}
    std::shared_ptr<const Matcher> matcher_;
};

/// Globs on files of a working directory, by paths relative to it ("out/a.csv"). They are anchored there: "*.csv" is
/// the top level only; "**/*.csv" is everything but the top level; "**.csv" is both. Source  flows.md §7.3
class WorkingDirectoryGlobs {
  public:
    static Result<WorkingDirectoryGlobs> parse(const std::vector<std::string>& patterns);
    bool matches(std::string_view relative_path) const;

  private:
    std::vector<Glob> globs_{};
};

/// Globs on the files of a namespace, by absolute paths ("/dir/a.txt"). One that starts with a letter, digit or '_'
/// matches at any depth. A file is kept if it matches one of `include` (or there is none) and none of `exclude`.
/// Source  flows.md §7.3
class NamespaceFileGlobs {
  public:
    static Result<NamespaceFileGlobs> parse(const std::vector<std::string>& include,
                                            const std::vector<std::string>& exclude = {});
    bool keeps(std::string_view absolute_path) const;

  private:
    std::vector<Glob> include_{};
    std::vector<Glob> exclude_{};
};

}  // namespace sluice::storage
