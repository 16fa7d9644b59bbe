#include "netlink.hpp"

#include "descriptor.hpp"
#include "text.hpp"

#include <csnet/error.hpp>

#include <linux/if_link.h>
#include <sys/socket.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace csnet::host {
namespace {

/// Bytes, more than the kernel puts into one message.
constexpr std::size_t kBuffer = std::size_t{64} * 1024;
constexpr int kTries = 5;

[[noreturn]] void fail(int error) {
  throw Error(ErrorKind::unavailable, "network interfaces", kernel_says(error));
}

struct Answer {
  ifinfomsg link{};
  std::vector<std::byte> attributes{};
};

std::span<const std::byte> payload(const nlmsghdr& header, std::size_t skip) {
  const auto* begin = reinterpret_cast<const std::byte*>(&header);
  const auto offset = NLMSG_HDRLEN + NLMSG_ALIGN(skip);
  if (header.nlmsg_len < offset) return {};
  return {begin + offset, header.nlmsg_len - offset};
}

void ask(const Descriptor& socket) {
  struct {
    nlmsghdr header;
    ifinfomsg link;
    rtattr attribute;
    std::uint32_t mask;
  } request{};
  request.header = {.nlmsg_len = sizeof request,
                    .nlmsg_type = RTM_GETLINK,
                    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
                    .nlmsg_seq = 1,
                    .nlmsg_pid = 0};
  request.attribute = {.rta_len = RTA_LENGTH(sizeof request.mask), .rta_type = IFLA_EXT_MASK};
  request.mask = RTEXT_FILTER_SKIP_STATS;
  if (send(socket.get(), &request, sizeof request, 0) < 0) fail(errno);
}

/// False when the list changed meanwhile, and is not consistent.
bool receive(const Descriptor& socket, std::vector<Answer>& answers) {
  alignas(nlmsghdr) static thread_local std::array<std::byte, kBuffer> buffer;
  bool is_whole = true;
  while (true) {
    const auto size = recv(socket.get(), buffer.data(), buffer.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) fail(errno);
    auto left = static_cast<int>(size);
    for (const auto* header = reinterpret_cast<const nlmsghdr*>(buffer.data());
         NLMSG_OK(header, static_cast<unsigned>(left)); header = NLMSG_NEXT(header, left)) {
      if ((header->nlmsg_flags & NLM_F_DUMP_INTR) != 0) is_whole = false;
      if (header->nlmsg_type == NLMSG_DONE) return is_whole;
      if (header->nlmsg_type == NLMSG_ERROR) {
        fail(-static_cast<const nlmsgerr*>(NLMSG_DATA(header))->error);
      }
      if (header->nlmsg_type != RTM_NEWLINK) continue;
      Answer answer;
      std::memcpy(&answer.link, NLMSG_DATA(header), sizeof answer.link);
      const auto attributes = payload(*header, sizeof answer.link);
      answer.attributes.assign(attributes.begin(), attributes.end());
      answers.push_back(std::move(answer));
    }
  }
}

}  // namespace

Attributes::Attributes(std::span<const std::byte> bytes) {
  auto left = static_cast<int>(bytes.size());
  for (const auto* at = reinterpret_cast<const rtattr*>(bytes.data()); RTA_OK(at, left);
       at = RTA_NEXT(at, left)) {
    const auto* data = static_cast<const std::byte*>(RTA_DATA(at));
    found_[at->rta_type & NLA_TYPE_MASK] = {data, RTA_PAYLOAD(at)};
  }
}

std::span<const std::byte> Attributes::bytes(int type) const {
  const auto found = found_.find(type);
  return found == found_.end() ? std::span<const std::byte>{} : found->second;
}

std::string Attributes::text(int type) const {
  const auto found = bytes(type);
  const auto* begin = reinterpret_cast<const char*>(found.data());
  return found.empty() ? std::string{} : std::string(begin, strnlen(begin, found.size()));
}

void for_each_link(const std::function<void(const ifinfomsg&, const Attributes&)>& take) {
  const Descriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (!socket) fail(errno);
  std::vector<Answer> answers;
  for (int i = 0; i < kTries; ++i) {
    answers.clear();
    ask(socket);
    if (receive(socket, answers))
      break;  // else the interfaces change all the time: the last list must do
  }
  for (const auto& answer : answers) take(answer.link, Attributes(answer.attributes));
}

}  // namespace csnet::host
