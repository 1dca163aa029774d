#include "remote/ftp_listing.h"

#include "support/test.h"

namespace sluice::remote {
namespace {

std::string shown(const std::vector<Entry>& entries) {
    std::string out;
    for (const Entry& entry : entries) {
        out += fmt::format("{}{} {} {}\n", entry.path,
                           entry.is_folder ? "/"
                           : entry.is_link ? "@"
                                           : "",
                           entry.size_bytes, entry.modified ? to_iso(*entry.modified) : "-");
    }
    return out;
}

const Timestamp kNow = parse_iso("2026-11-30T12:00:00Z").value();

}  // namespace

TEST_CASE("MLSD lines are entries, but for the folder itself and the one above") {
    CHECK(shown(parse_mlsd(
              "type=cdir;modify=20260101000000; .\r\ntype=pdir; ..\r\n"
              "Type=file;Size=12;Modify=20261124051000.123;UNIX.mode=0644; b c.csv\r\n"
              "type=dir;size=4096;modify=20261124051000; a\r\n type=file; \r\nrubbish\r\ntype=file; ../x\r\n",
              "in")) == "in/a/ 0 2026-11-24T05:10:00Z\nin/b c.csv 12 2026-11-24T05:10:00Z\n");
}

TEST_CASE("LIST lines are read in the forms of Unix and of Windows") {
    CHECK(shown(parse_list("total 12\r\n"
                           "-rw-r--r--   1 1000     1000           12 Nov 24 05:10 a file.csv\r\n"
                           "drwxr-xr-x    2 ftp      ftp          4096 Dec 24  2024 sub\r\n"
                           "lrwxrwxrwx    1 ftp      ftp             5 Dec 31 23:59 link -> target\r\n"
                           "?rubbish\r\n-rw-r--r--\r\n",
                           "", kNow)) ==
          "a file.csv 12 2026-11-24T05:10:00Z\nlink@ 5 2025-12-31T23:59:00Z\nsub/ 0 2024-12-24T00:00:00Z\n");
    CHECK(shown(parse_list(
              "11-24-26  05:10AM       <DIR>          sub dir\r\n11-24-26  05:10PM                 1234 x.csv\r\n",
              "/d", kNow)) == "/d/sub dir/ 0 2026-11-24T05:10:00Z\n/d/x.csv 1234 2026-11-24T17:10:00Z\n");
}

}  // namespace sluice::remote
