#pragma once
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "storage/storage.h"
#include "value/value.h"

namespace sluice::rows {

/// The elements of an XML file as rows, one after the other; only one is in memory.
///
/// An element is a map of its attributes and children, or its text when it has neither; text beside them is `content`.
/// Children of one name are a list. Texts that are numbers or booleans become such. Neither DTDs nor entities of the
/// file are loaded or expanded.
class XmlRows {
  public:
    /// path   names from the root down to the rows: /catalog/book. "": the root itself is the one row
    /// lists  names whose children are lists also when there is only one
    /// Errors  Invalid, NotFound
    static Result<XmlRows> open(const storage::Storage& storage, const std::string& address, const std::string& path,
                                std::set<std::string> lists, const std::string& charset);
    XmlRows(XmlRows&&) noexcept;
    ~XmlRows();

    /// Empty: the end. Errors  Invalid, with the line
    Result<std::optional<Value>> next();

  private:
    struct State;
    explicit XmlRows(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// The row as an element; what can't be in the name of one becomes '_'.
std::string xml_element(const std::string& name, const Value& row);

}  // namespace sluice::rows
