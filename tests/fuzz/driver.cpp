// Runs a fuzz target where there is no libFuzzer: <target> FOLDER SECONDS [SEED] changes the files of a folder at
// random, <target> FILE runs one input. Words of FOLDER.dict are put in, in the form of libFuzzer: "word", with \xNN.
//
// A child does the work and keeps the present input in a file that is mapped into memory, so that it survives whatever
// becomes of the child.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "base/file_descriptor.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Random = std::mt19937_64;

constexpr std::size_t kMaxBytes = 128 * 1024;
constexpr unsigned kHangSeconds = 10;

std::size_t below(Random& random, std::size_t limit) {
    return limit == 0 ? 0 : random() % limit;
}

std::string content_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> corpus_of(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());  // so that a seed always means the same
    std::vector<std::string> out;
    for (const fs::path& file : files) out.push_back(content_of(file).substr(0, kMaxBytes));
    return out;
}

std::vector<std::string> words_of(const fs::path& dictionary) {
    std::vector<std::string> out;
    std::ifstream in(dictionary);
    for (std::string line; std::getline(in, line);) {
        if (line.size() < 2 || line.front() != '"') continue;
        std::string word;
        for (std::size_t i = 1; i + 1 < line.size(); ++i) {
            if (line[i] != '\\') {
                word += line[i];
            } else if (line[++i] == 'x') {
                word += static_cast<char>(std::stoi(line.substr(i + 1, 2), nullptr, 16));
                i += 2;
            } else {
                word += line[i];
            }
        }
        out.push_back(word);
    }
    return out;
}

class Mutator {
  public:
    Mutator(std::uint64_t seed, std::vector<std::string> corpus, std::vector<std::string> words)
        : random_(seed), corpus_(std::move(corpus)), words_(std::move(words)) {}

    std::string next() {
        std::string text = any(corpus_);
        for (std::size_t left = 1 + below(random_, 6); left > 0; --left) change(text);
        if (below(random_, 100) == 0) repeat(text);
        text.resize(std::min(text.size(), kMaxBytes));
        return text;
    }

  private:
    const std::string& any(const std::vector<std::string>& texts) { return texts[below(random_, texts.size())]; }

    void change(std::string& text) {
        const std::size_t at = below(random_, text.size() + 1);
        const std::size_t length = below(random_, std::min<std::size_t>(text.size() - at, 32) + 1);
        switch (below(random_, 8)) {
            case 0:
                if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(random_, 8)));
                break;
            case 1:
                text.insert(at, 1, static_cast<char>(below(random_, 256)));
                break;
            case 2:
                text.erase(at, length);
                break;
            case 3:
                text.insert(at, text.substr(at, length));
                break;
            case 4: {  // the beginning of this and the end of another
                const std::string& other = any(corpus_);
                text = text.substr(0, at) + other.substr(below(random_, other.size() + 1));
                break;
            }
            case 5:
                text.insert(at, std::to_string(static_cast<std::int64_t>(random_() >> below(random_, 64))));
                break;
            case 6:
                if (!words_.empty()) text.replace(at, length, any(words_));
                break;
            default:
                if (!words_.empty()) text.insert(at, any(words_));
        }
    }

    /// A piece very often: what calls itself, or takes long, shows.
    void repeat(std::string& text) {
        const std::size_t at = below(random_, text.size());
        const std::string piece =
            below(random_, 2) == 0 && !words_.empty() ? any(words_) : text.substr(at, 1 + below(random_, 8));
        std::string many;
        for (std::size_t left = std::size_t{1} << below(random_, 17); left > 0; --left) many += piece;
        text.insert(at, many);
    }

    Random random_;
    std::vector<std::string> corpus_;
    std::vector<std::string> words_;
};

/// The input that runs, in a file.
class Present {
  public:
    explicit Present(const std::string& file) : file_(file) {
        const sluice::FileDescriptor open(::open(file.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0644));
        void* mapped = MAP_FAILED;
        if (ftruncate(open.get(), sizeof(Content)) == 0) {
            mapped = mmap(nullptr, sizeof(Content), PROT_READ | PROT_WRITE, MAP_SHARED, open.get(), 0);
        }
        if (mapped == MAP_FAILED) throw std::runtime_error(file + " can't be mapped");
        content_ = static_cast<Content*>(mapped);
    }

    void set(const std::string& text) {
        content_->size = text.size();
        std::memcpy(content_->bytes, text.data(), text.size());
    }
    void count() { ++content_->inputs; }
    std::uint64_t inputs() const { return content_->inputs; }
    void keep() {
        const std::string text(content_->bytes, content_->size);
        std::ofstream(file_, std::ios::binary | std::ios::trunc) << text;
    }

  private:
    struct Content {
        std::uint64_t inputs;
        std::size_t size;
        char bytes[kMaxBytes];
    };
    std::string file_;
    Content* content_ = nullptr;
};

/// Of processor time, so that a busy machine finds nothing.
void limit_to(unsigned seconds) {
    itimerval timer{};
    timer.it_value.tv_sec = seconds;
    setitimer(ITIMER_PROF, &timer, nullptr);
}

/// The text stands in memory of its own, so that a read beyond its end is seen.
void run(const std::string& text) {
    const std::vector<std::uint8_t> bytes(text.begin(), text.end());
    limit_to(kHangSeconds);
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    limit_to(0);
}

void run_all(const fs::path& folder, std::chrono::seconds time, std::uint64_t seed, Present& present) {
    const auto end = Clock::now() + time;
    const auto corpus = corpus_of(folder);
    Mutator mutator(seed, corpus, words_of(folder.string() + ".dict"));
    const auto take = [&](const std::string& text) {
        present.set(text);
        run(text);
        present.count();
    };
    for (const std::string& text : corpus) take(text);
    while (Clock::now() < end) take(mutator.next());
}

int fuzz(const std::string& program, const fs::path& folder, std::chrono::seconds time, std::uint64_t seed) {
    const std::string file = fmt::format("{}.{}.input", program, seed);
    fmt::print("seed {}\n", seed);
    std::fflush(stdout);
    Present present(file);
    const pid_t child = fork();
    if (child == 0) {
        run_all(folder, time, seed, present);
        std::exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (status == 0) {
        fs::remove(file);
        fmt::print("{} inputs, nothing found\n", present.inputs());
        return 0;
    }
    const bool hung = WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF;
    fmt::print("input {} {}; it is kept in {}\n", present.inputs() + 1,
               hung ? fmt::format("took more than {} s of processor time", kHangSeconds) : "went wrong", file);
    present.keep();
    return 1;
}

}  // namespace

int main(int count, char** arguments) {
    const std::vector<std::string> given(arguments + 1, arguments + count);
    if (given.size() == 1) {
        run(content_of(given[0]));
        return 0;
    }
    if (given.size() != 2 && given.size() != 3) {
        fmt::print(stderr, "usage: {} FOLDER SECONDS [SEED] | FILE\n", arguments[0]);
        return 2;
    }
    const std::uint64_t seed = given.size() == 3 ? std::stoull(given[2]) : std::random_device{}();
    return fuzz(arguments[0], given[0], std::chrono::seconds(std::stoi(given[1])), seed);
}
