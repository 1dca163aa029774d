#pragma once
#include <functional>
#include <string>
#include <string_view>

namespace sluice::process {

/// Cuts a stream of bytes into lines. A line ends with \n, \r\n or a lone \r (progress bars), as Java reads lines.
/// One that is longer than `longest` comes in pieces; nothing is dropped.
class LineSplitter {
  public:
    /// `continues`: the line was too long, and the next call brings more of it.
    using Take = std::function<void(std::string&& line, bool continues)>;

    explicit LineSplitter(std::size_t longest) : longest_(longest) {}

    void feed(std::string_view bytes, const Take& take);
    /// The rest without a line end, when the stream is over.
    void finish(const Take& take);

  private:
    void add(std::string_view part, const Take& take);

    std::size_t longest_;
    std::string pending_{};
    bool after_return_ = false;  // the last byte was \r: a \n that follows belongs to it
    bool in_pieces_ = false;
};

}  // namespace sluice::process
