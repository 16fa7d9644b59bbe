#include "waiter.hpp"

#include "text.hpp"

#include <csnet/error.hpp>

#include <fmt/format.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>

namespace csnet::host {
namespace {

constexpr auto kTick = std::chrono::milliseconds{100};
constexpr auto kFirstAttempt = std::chrono::milliseconds{200};

std::string in_seconds(std::chrono::duration<double> time) {
  return fmt::format("{:g} s", std::round(time.count() * 10) / 10);
}

}  // namespace

bool Waiter::poll(std::span<pollfd> descriptors, Clock::time_point until) {
  while (true) {
    tick_if_due();
    auto left = std::min<Clock::duration>(until - Clock::now(), std::chrono::hours{1});
    if (wait_.tick) left = std::min<Clock::duration>(left, ticked_ + kTick - Clock::now());
    const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    const int count = ::poll(descriptors.data(), descriptors.size(),
                             static_cast<int>(std::max<std::int64_t>(milliseconds, 0)));
    const int error = errno;
    tick_if_due();
    if (count > 0) return true;
    if (count < 0 && error != EINTR) {
      throw Error(ErrorKind::unavailable, "poll()", kernel_says(error));
    }
    if (Clock::now() >= until) return false;
  }
}

bool Waiter::poll(const Descriptor& descriptor, short events, Clock::time_point until) {
  pollfd one{.fd = descriptor.get(), .events = events, .revents = 0};
  return poll({&one, 1}, until);
}

void Waiter::tick_if_due() {
  if (!wait_.tick || Clock::now() - ticked_ < kTick) return;
  wait_.tick();
  ticked_ = Clock::now();
}

NetworkChanges::NetworkChanges(unsigned groups)
    : socket_(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE)) {
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = groups;
  if (socket_ &&
      bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    socket_.reset();
  }
}

void NetworkChanges::forget() {
  if (!socket_) return;
  std::array<char, 8192> ignored{};
  // ENOBUFS: the kernel dropped messages; here it matters only that there were some.
  while (recv(socket_.get(), ignored.data(), ignored.size(), 0) >= 0 || errno == ENOBUFS ||
         errno == EINTR) {
  }
}

void NetworkChanges::wait(Waiter& waiter, Clock::time_point until) {
  waiter.poll(socket_, POLLIN, until);
}

std::optional<std::string> why_none_passes(
    const Wait& wait, const Manner& manner,
    const std::function<Attempt(Waiter&, Clock::time_point until)>& attempt) {
  const auto begin = Clock::now();
  Waiter waiter(wait);
  NetworkChanges changes(RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE |
                         RTMGRP_IPV6_ROUTE);
  std::optional<std::string> why;
  auto until = std::max(wait.until, begin + kFirstAttempt);
  const auto given = until - begin;
  while (true) {
    const auto attempt_begin = Clock::now();
    // Before the attempt: a change during it is a reason for the next one.
    changes.forget();
    auto result = attempt(waiter, until);
    switch (result.end) {
      case Attempt::End::passed:
        return std::nullopt;
      case Attempt::End::hopeless:
        return std::move(result.why);
      case Attempt::End::no_route:
        if (manner.ends_without_route) return std::move(result.why);
        [[fallthrough]];
      case Attempt::End::failed:
        why = std::move(result.why);
        break;
      case Attempt::End::silent:
        why.reset();
        break;
      case Attempt::End::cut_short:
        break;  // it says less than the attempt before it
    }
    until = wait.until;
    // A network that changes all the time must not make this a busy loop.
    waiter.poll(std::span<pollfd>{}, std::min(attempt_begin + manner.least, until));
    changes.wait(waiter, std::min(attempt_begin + manner.most, until));
    if (waiter.is_over()) break;
  }
  return why ? *why : fmt::format("{} within {}", manner.silence, in_seconds(given));
}

}  // namespace csnet::host
