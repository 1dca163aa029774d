#pragma once
#include <map>
#include <string>

#include "base/guarded.h"

namespace sluice::webserver {

/// Places for what may take long, few of them for each address: strangers must neither take all threads from those who
/// are in, nor all places from those who want to come in.
/// Threads  any
class Seats {
  public:
    Seats(std::size_t all, std::size_t of_one) : all_(all), of_one_(of_one) {}

    bool take(const std::string& address) {
        return taken_.with([&](auto& taken) {
            std::size_t sum = 0;
            for (const auto& [_, count] : taken) sum += count;
            const auto mine = taken.find(address);
            if (sum >= all_ || (mine != taken.end() && mine->second >= of_one_)) return false;
            ++taken[address];
            return true;
        });
    }
    void leave(const std::string& address) {
        taken_.with([&](auto& taken) {
            if (--taken.at(address) == 0) taken.erase(address);
        });
    }

  private:
    const std::size_t all_;
    const std::size_t of_one_;
    Guarded<std::map<std::string, std::size_t>> taken_{};
};

class Seat {
  public:
    Seat(Seats& all, const std::string& address) : all_(all), address_(address), taken_(all.take(address)) {}
    ~Seat() {
        if (taken_) all_.leave(address_);
    }
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;
    bool taken() const { return taken_; }

  private:
    Seats& all_;
    const std::string address_;
    const bool taken_;
};

}  // namespace sluice::webserver
