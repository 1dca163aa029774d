#pragma once
#include <map>

#include "object_store/client.h"
#include "unit/net/loopback_server.h"

namespace sluice::test {

/// A small S3 server in memory, with one bucket named "b" in the path. It does not look at signatures: the real servers
/// of tests/services do.
class FakeS3 {
  public:
    FakeS3();

    std::string endpoint() const { return server_.url(""); }
    object_store::ClientConfig config() const;
    /// Answers the next `count` requests of this method with 503.
    void be_busy(const std::string& method, int count);
    /// Every request for a part after this one fails.
    void refuse_parts_after(int number);
    /// Ends the next download in the middle of its body.
    void break_download();

    std::vector<std::string> keys() const;
    std::string object(const std::string& key) const;
    std::size_t uploads() const;  // unfinished ones
    std::vector<Seen> seen() const { return server_.seen(); }
    std::size_t largest_body() const;

  private:
    struct Object {
        std::string bytes{}, type{};
        std::map<std::string, std::string> metadata{};
    };
    struct State {
        std::map<std::string, Object> objects{};
        std::map<std::string, std::map<int, std::string>> uploads{};
        int next_upload = 0, busy = 0, last_part = 1 << 20;
        std::string busy_method{};
        bool breaks = false;
    };
    Reply answer(const Seen& request);
    static Reply list(const State& state, const std::map<std::string, std::string>& query);
    Reply get(State& state, const Seen& request, const std::string& key) const;
    static Reply put(State& state, const Seen& request, const std::string& key);
    static Reply upload_step(State& state, const Seen& request, const std::string& key,
                             const std::map<std::string, std::string>& query);

    Guarded<State> state_{};
    LoopbackServer server_;
};

}  // namespace sluice::test
