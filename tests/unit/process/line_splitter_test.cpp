#include "process/line_splitter.h"

#include "support/test.h"

namespace sluice::process {
namespace {

using Lines = std::vector<std::string>;

/// The lines of a stream that arrives in these parts; one that goes on ends with "…".
Lines lines_of(const std::vector<std::string>& parts, std::size_t longest = 100) {
    Lines out;
    const LineSplitter::Take take = [&](std::string&& line, bool continues) {
        out.push_back(std::move(line) + (continues ? "…" : ""));
    };
    LineSplitter splitter(longest);
    for (const std::string& part : parts) splitter.feed(part, take);
    splitter.finish(take);
    return out;
}

}  // namespace

TEST_CASE("lines end with a line feed, a carriage return, or both") {
    CHECK(lines_of({"a\nb\r\nc\rd"}) == Lines{"a", "b", "c", "d"});
    CHECK(lines_of({"a\n\n\r\n\nb\n"}) == Lines{"a", "", "", "", "b"});
}

TEST_CASE("it does not matter where the parts of a stream are cut") {
    CHECK(lines_of({"a", "b\r", "\nc", "\n", "\r", "d"}) == Lines{"ab", "c", "", "d"});
    CHECK(lines_of({"a\r", "b"}) == Lines{"a", "b"});
}

TEST_CASE("an empty stream has no line, and a last line needs no end") {
    CHECK(lines_of({}).empty());
    CHECK(lines_of({"x"}) == Lines{"x"});
    CHECK(lines_of({"x\n"}) == Lines{"x"});
}

TEST_CASE("a line that is too long comes in pieces, complete") {
    CHECK(lines_of({"abcdefghij\nkl\n"}, 4) == Lines{"abcd…", "efgh…", "ij", "kl"});
    CHECK(lines_of({"abcd\n"}, 4) == Lines{"abcd"});
    CHECK(lines_of({"abcd", "e", "fgh", "i"}, 4) == Lines{"abcd…", "efgh…", "i"});
}

TEST_CASE("pieces never split a character") {
    CHECK(lines_of({"ab€cd\n"}, 4) == Lines{"ab…", "€c…", "d"});
    CHECK(lines_of({"\x80\x80\x80\x80\x80\x80\n"}, 4) == Lines{"\x80\x80\x80\x80…", "\x80\x80"});
}

}  // namespace sluice::process
