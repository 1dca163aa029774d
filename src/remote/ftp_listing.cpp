#include "remote/ftp_listing.h"

#include <ctime>

namespace sluice::remote {
namespace {

template <class Each>
void each_line(std::string_view text, const Each& each) {
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        while (line.ends_with('\r')) line.remove_suffix(1);
        if (!line.empty()) each(line);
    }
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

std::optional<std::int64_t> number_of(std::string_view text, int base = 10) {
    const std::string copy(text);
    char* end = nullptr;
    const long long value = std::strtoll(copy.c_str(), &end, base);
    if (copy.empty() || *end != '\0') return {};
    return value;
}

std::optional<Timestamp> time_in(const char* format, std::string_view text) {
    std::tm parts{};
    const std::string copy(text);
    if (::strptime(copy.c_str(), format, &parts) == nullptr) return {};
    return Timestamp{std::chrono::seconds{::timegm(&parts)}};
}

bool is_own_name(std::string_view name) {
    return name.empty() || name == "." || name == ".." || name.find('/') != std::string_view::npos;
}

/// The next word, taken off the line.
std::string_view take_word(std::string_view& line) {
    const auto from = std::min(line.find_first_not_of(' '), line.size());
    const auto end = std::min(line.find(' ', from), line.size());
    const std::string_view out = line.substr(from, end - from);
    line.remove_prefix(end);
    return out;
}

/// "Nov 24 05:10" of the last twelve months, or "Nov 24 2025"
std::optional<Timestamp> ls_time(const std::string& month_and_day, std::string_view time_or_year, Timestamp now) {
    if (time_or_year.find(':') == std::string_view::npos) {
        return time_in("%b %d %Y", fmt::format("{} {}", month_and_day, time_or_year));
    }
    const auto today = std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(now));
    const auto in_year = [&](int year) {
        return time_in("%b %d %H:%M %Y", fmt::format("{} {} {}", month_and_day, time_or_year, year));
    };
    const auto this_year = in_year(static_cast<int>(today.year()));
    return this_year && *this_year > now + 24h ? in_year(static_cast<int>(today.year()) - 1) : this_year;
}

/// -rw-r--r-- 1 owner group 12 Nov 24 05:10 name
std::optional<Entry> unix_entry(std::string_view line, const std::string& folder, Timestamp now) {
    Entry out;
    const std::string_view mode = take_word(line);
    if (mode.size() < 10 || std::string_view("-dl").find(mode[0]) == std::string_view::npos) return {};
    take_word(line);
    out.owner = number_of(take_word(line));
    out.group = number_of(take_word(line));
    const auto size = number_of(take_word(line));
    std::string month_and_day(take_word(line));
    (month_and_day += ' ') += take_word(line);
    out.modified = ls_time(month_and_day, take_word(line), now);
    if (!size || line.size() < 2) return {};
    std::string_view name = line.substr(1);
    out.is_folder = mode[0] == 'd';
    out.is_link = mode[0] == 'l';
    if (out.is_link) name = name.substr(0, name.find(" -> "));
    if (is_own_name(name)) return {};
    out.size_bytes = out.is_folder ? 0 : static_cast<std::uint64_t>(*size);
    out.path = joined(folder, name);
    return out;
}

/// 11-24-26  05:10AM       <DIR> name
std::optional<Entry> windows_entry(std::string_view line, const std::string& folder) {
    Entry out;
    const std::string date(take_word(line));
    out.modified = time_in("%m-%d-%y %I:%M%p", fmt::format("{} {}", date, take_word(line)));
    if (!out.modified) return {};
    const std::string_view size = take_word(line);
    out.is_folder = size == "<DIR>";
    const auto from = line.find_first_not_of(' ');
    if (from == std::string_view::npos || is_own_name(line.substr(from))) return {};
    out.size_bytes = static_cast<std::uint64_t>(number_of(size).value_or(0));
    out.path = joined(folder, line.substr(from));
    return out;
}

std::optional<Entry> mlsd_entry(std::string_view line, const std::string& folder) {
    const auto blank = line.find(' ');
    if (blank == std::string_view::npos) return {};
    const std::string_view name = line.substr(blank + 1);
    Entry out;
    std::string type = "file";
    for (std::string_view facts = line.substr(0, blank); !facts.empty();) {
        const auto end = std::min(facts.find(';'), facts.size());
        const std::string_view fact = facts.substr(0, end);
        facts.remove_prefix(std::min(end + 1, facts.size()));
        const auto equals = fact.find('=');
        if (equals == std::string_view::npos) continue;
        const std::string key = lower(fact.substr(0, equals));
        const std::string_view value = fact.substr(equals + 1);
        if (key == "type") type = lower(value);
        if (key == "size") out.size_bytes = static_cast<std::uint64_t>(number_of(value).value_or(0));
        if (key == "modify") out.modified = time_in("%Y%m%d%H%M%S", value);
        if (key == "unix.mode") out.permissions = number_of(value, 8);
        if (key == "unix.uid") out.owner = number_of(value);
        if (key == "unix.gid") out.group = number_of(value);
    }
    if (type == "cdir" || type == "pdir" || is_own_name(name)) return {};
    out.is_folder = type == "dir";
    out.is_link = type.starts_with("os.unix=sl");
    if (out.is_folder) out.size_bytes = 0;
    out.path = joined(folder, name);
    return out;
}

void sort_by_path(std::vector<Entry>& entries) {
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.path < b.path; });
}

}  // namespace

std::vector<Entry> parse_mlsd(std::string_view text, const std::string& folder) {
    std::vector<Entry> out;
    each_line(text, [&](std::string_view line) {
        if (auto entry = mlsd_entry(line, folder)) out.push_back(std::move(*entry));
    });
    sort_by_path(out);
    return out;
}

std::vector<Entry> parse_list(std::string_view text, const std::string& folder, Timestamp now) {
    std::vector<Entry> out;
    each_line(text, [&](std::string_view line) {
        auto entry = unix_entry(line, folder, now);
        if (!entry) entry = windows_entry(line, folder);
        if (entry) out.push_back(std::move(*entry));
    });
    sort_by_path(out);
    return out;
}

}  // namespace sluice::remote
