#include "cli/options.h"

#include <cxxopts.hpp>
#include <iostream>
#include <unistd.h>

#include "cli/command.h"
#include "value/json.h"

namespace sluice::cli {

namespace {
OptionsHelp* asked_for = nullptr;  // where parse() puts what it would take, instead of taking it
}

OptionsHelp help_of(const std::function<int(std::vector<std::string>)>& run) {
    OptionsHelp out;
    asked_for = &out;
    run({});
    asked_for = nullptr;
    return out;
}

struct Options::Parts {
    Parts(const std::string& usage, const std::string& summary) : options(usage, summary) {}
    cxxopts::Options options;
    std::optional<cxxopts::ParseResult> result{};
    OptionsHelp help{};
};

Options::Options(std::string usage, std::string summary) : parts_(std::make_unique<Parts>(usage, summary)) {
    parts_->help = {usage, summary, {}, false};
    parts_->options.custom_help("");
    parts_->options.add_options()("h,help", "shows this");
}

Options::~Options() = default;

Options& Options::value(const std::string& names, const std::string& help, const std::string& placeholder,
                        const std::string& otherwise) {
    auto kind = cxxopts::value<std::string>();
    if (!otherwise.empty()) kind = kind->default_value(otherwise);
    parts_->options.add_options()(names, help, kind, placeholder);
    parts_->help.options.push_back({names, help, placeholder, otherwise});
    return *this;
}

Options& Options::values(const std::string& names, const std::string& help, const std::string& placeholder) {
    parts_->options.add_options()(names, help, cxxopts::value<std::vector<std::string>>(), placeholder);
    parts_->help.options.push_back({names, help, placeholder, ""});
    return *this;
}

Options& Options::flag(const std::string& names, const std::string& help) {
    parts_->options.add_options()(names, help);
    parts_->help.options.push_back({names, help, "", ""});
    return *this;
}

Options& Options::arguments() {
    parts_->help.takes_arguments = true;
    return *this;
}

std::optional<int> Options::parse(const std::vector<std::string>& words) {
    if (asked_for != nullptr) {
        *asked_for = parts_->help;
        return Exit::Success;
    }
    std::vector<const char*> argv{"sluice"};
    for (const std::string& word : words) argv.push_back(word.c_str());
    try {
        parts_->options.allow_unrecognised_options();
        parts_->result = parts_->options.parse(static_cast<int>(argv.size()), argv.data());
    } catch (const std::exception& wrong) {
        return fail_usage(wrong.what());
    }
    if (parts_->result->count("help") > 0) {
        std::cout << parts_->options.help();
        return Exit::Success;
    }
    for (const std::string& word : parts_->result->unmatched()) {
        const bool option = word.size() > 1 && word.front() == '-';
        if (option) return fail_usage("unknown option " + word + "\n" + parts_->options.help());
        rest_.push_back(word);
    }
    if (!parts_->help.takes_arguments && !rest_.empty()) return fail_usage("unexpected argument " + rest_.front());
    return {};
}

bool Options::has(const std::string& name) const {
    return parts_->result->count(name) > 0;
}

std::string Options::text(const std::string& name) const {
    if (!has(name)) {
        try {
            return (*parts_->result)[name].as<std::string>();  // its default
        } catch (const std::exception&) {
            return "";
        }
    }
    return (*parts_->result)[name].as<std::string>();
}

std::vector<std::string> Options::texts(const std::string& name) const {
    return has(name) ? (*parts_->result)[name].as<std::vector<std::string>>() : std::vector<std::string>();
}

namespace {

bool colours() {
    return isatty(STDERR_FILENO) != 0 && getenv("NO_COLOR") == nullptr;
}

std::string cell(const Value& value) {
    if (value.is_null()) return "";
    return value.is_string() ? value.as_string() : to_json(value);
}

}  // namespace

int fail(const Error& error) {
    std::cerr << (colours() ? "\033[31m✘\033[0m " : "✘ ") << error.text() << "\n";
    return Exit::Failed;
}

int fail_usage(const std::string& message) {
    std::cerr << message << "\n";
    return Exit::Usage;
}

void print_rows(const std::vector<std::string>& columns, const std::vector<Value>& rows, bool as_json) {
    if (as_json) {
        List list(rows.begin(), rows.end());
        std::cout << to_pretty_json(Value(std::move(list))) << "\n";
        return;
    }
    std::vector<std::size_t> widths;
    for (const std::string& column : columns) {
        std::size_t width = column.size();
        for (const Value& row : rows) width = std::max(width, cell(row[column]).size());
        widths.push_back(width);
    }
    const auto line = [&](const auto& text_of) {
        std::string out;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            std::string text = text_of(columns[i]);
            if (i + 1 < columns.size()) text.resize(std::max(text.size(), widths[i]), ' ');
            out += (i > 0 ? "  " : "") + text;
        }
        std::cout << out << "\n";
    };
    line([](const std::string& column) {
        std::string upper = column;
        for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        return upper;
    });
    for (const Value& row : rows) line([&](const std::string& column) { return cell(row[column]); });
}

}  // namespace sluice::cli
