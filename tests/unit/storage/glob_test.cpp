#include "storage/glob.h"

#include "support/test.h"

namespace sluice::storage {
namespace {

bool matches(const std::string& pattern, const std::string& path) {
    return test::ok(Glob::parse(pattern)).matches(path);
}

bool kept(const std::string& pattern, const std::string& path) {
    return test::ok(NamespaceFileGlobs::parse({pattern})).keeps(path);
}

bool in_work(const std::string& pattern, const std::string& path) {
    return test::ok(WorkingDirectoryGlobs::parse({pattern})).matches(path);
}

}  // namespace

TEST_CASE("a star stays within a folder, two do not") {
    CHECK(matches("*.csv", "a.csv"));
    CHECK(matches("*.csv", ".csv"));
    CHECK_FALSE(matches("*.csv", "dir/a.csv"));
    CHECK(matches("**.csv", "dir/sub/a.csv"));
    CHECK(matches("a/*/c", "a/b/c"));
    CHECK_FALSE(matches("a/*/c", "a/b/b/c"));
    CHECK(matches("a/**/c", "a/b/b/c"));
    CHECK_FALSE(matches("a/**/c", "a/c"));
}

TEST_CASE("the whole path must match, and dots are dots") {
    CHECK_FALSE(matches("a.csv", "aXcsv"));
    CHECK_FALSE(matches("a", "ab"));
    CHECK_FALSE(matches("b", "ab"));
    CHECK(matches("*", ".hidden"));
    CHECK(matches("a+(b)$|^", "a+(b)$|^"));
}

TEST_CASE("a question mark is one character of any alphabet, but no slash") {
    CHECK(matches("?.txt", "a.txt"));
    CHECK(matches("?.txt", "ż.txt"));
    CHECK_FALSE(matches("?.txt", "ab.txt"));
    CHECK_FALSE(matches("a?b", "a/b"));
}

TEST_CASE("sets hold characters and ranges, and '!' takes the others") {
    CHECK(matches("[a-cx]1", "b1"));
    CHECK(matches("[a-cx]1", "x1"));
    CHECK_FALSE(matches("[a-cx]1", "d1"));
    CHECK(matches("[!a-c]", "d"));
    CHECK_FALSE(matches("[!a-c]", "b"));
    CHECK_FALSE(matches("a[!b]c", "a/c"));
    CHECK(matches("[^a]", "^"));  // not a negation, as it is in Java
    CHECK_FALSE(matches("[^a]", "b"));
    CHECK(matches("[-a]", "-"));
    CHECK(matches("[a-]", "-"));
    CHECK(matches("[*?\\\\]", "*"));
    CHECK(matches("[ą-ż]", "ć"));
}

TEST_CASE("a choice holds patterns") {
    CHECK(matches("*.{csv,json}", "a.json"));
    CHECK(matches("{a,b*,[c-d]}", "bbb"));
    CHECK(matches("{a,b*,[c-d]}", "d"));
    CHECK(matches("{,x}y", "y"));
    CHECK_FALSE(matches("*.{csv,json}", "a.txt"));
    CHECK(matches("a,b}", "a,b}"));
}

TEST_CASE("a backslash takes the next character as it is") {
    CHECK(matches("\\*", "*"));
    CHECK_FALSE(matches("\\*", "a"));
    CHECK(matches("\\{a\\}", "{a}"));
}

TEST_CASE("broken patterns are refused with a reason") {
    CHECK(test::failure(Glob::parse("[a")).message == "the pattern '[a' can't be read: a '[' without ']'");
    CHECK(test::failure(Glob::parse("{a")).message == "the pattern '{a' can't be read: a '{' without '}'");
    CHECK(test::failure(Glob::parse("{a{b}}")).message ==
          "the pattern '{a{b}}' can't be read: a choice {..} within a choice");
    for (const char* pattern : {"[z-a]", "[]", "[a/b]", "a\\", "regex:("})
        CHECK_FALSE(Glob::parse(pattern).has_value());
}

TEST_CASE("a pattern may be a regular expression") {
    CHECK(matches("regex:.*/a[0-9]+\\.txt", "/dir/a12.txt"));
    CHECK_FALSE(matches("regex:a", "ab"));
    CHECK(matches("glob:*.txt", "a.txt"));
}

TEST_CASE("names that are not UTF-8 can be matched too") {
    CHECK(matches("*.txt", "caf\xE9.txt"));
}

TEST_CASE("globs on a working directory are anchored there") {
    CHECK(in_work("*.csv", "a.csv"));
    CHECK_FALSE(in_work("*.csv", "out/a.csv"));
    CHECK_FALSE(in_work("**/*.csv", "a.csv"));
    CHECK(in_work("**/*.csv", "out/a.csv"));
    CHECK(in_work("**.csv", "a.csv"));
    CHECK(in_work("**.csv", "out/deep/a.csv"));
    CHECK(in_work("out/**", "out/deep/a.csv"));
    CHECK(in_work("./a.csv", "a.csv"));
    CHECK_FALSE(test::ok(WorkingDirectoryGlobs::parse({})).matches("a.csv"));
}

TEST_CASE("globs on namespace files match at any depth when they start with a word character") {
    CHECK(kept("a.txt", "/a.txt"));
    CHECK(kept("a.txt", "/dir/sub/a.txt"));
    CHECK(kept("dir/*.txt", "/other/dir/a.txt"));
    CHECK(kept("/dir/*.txt", "/dir/a.txt"));
    CHECK_FALSE(kept("/dir/*.txt", "/other/dir/a.txt"));
    CHECK_FALSE(kept("*.txt", "/a.txt"));
    CHECK(kept("**.txt", "/dir/a.txt"));
    CHECK_FALSE(kept("glob:a.txt", "/a.txt"));
}

TEST_CASE("a namespace file is kept by an include, unless an exclude takes it out") {
    const auto globs = test::ok(NamespaceFileGlobs::parse({"dir/**", "b.txt"}, {"secret.*"}));
    CHECK(globs.keeps("/dir/a.txt"));
    CHECK(globs.keeps("/b.txt"));
    CHECK_FALSE(globs.keeps("/c.txt"));
    CHECK_FALSE(globs.keeps("/dir/secret.txt"));
    CHECK(test::ok(NamespaceFileGlobs::parse({})).keeps("/anything"));
}

}  // namespace sluice::storage
