#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "value/value.h"

namespace sluice::expr {

class Session;

/// Where a template's text and printed values go.
class Output {
  public:
    virtual ~Output() = default;
    virtual void text(std::string_view text) = 0;
    virtual void print(const Value& value) = 0;
};

/// What {{ }} prints at the level of the template.
class PrintedOutput final : public Output {
  public:
    explicit PrintedOutput(Session& session) : session_(session) {}
    void text(std::string_view text) override;
    void print(const Value& value) override;
    std::string result{};

  private:
    Session& session_;
};

/// What {{ }} prints inside of macros, of the filter tag and of block(): Java's texts.
class JavaOutput final : public Output {
  public:
    explicit JavaOutput(Session& session) : session_(session) {}
    void text(std::string_view text) override;
    void print(const Value& value) override;
    std::string result{};

  private:
    Session& session_;
};

/// Keeps the type of a value that stands alone.
/// Throws  Failure: a typed conflict
class TypedOutput final : public Output {
  public:
    void text(std::string_view text) override;
    void print(const Value& value) override;
    std::optional<Value> result{};
};

}  // namespace sluice::expr
