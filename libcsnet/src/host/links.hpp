#pragma once

#include <csnet/facts.hpp>

#include <filesystem>
#include <vector>

namespace csnet::host {

/// What the kernel says of each interface of this process's network namespace, sorted by name.
/// @param class_net what says more of bonds, in words: elsewhere for the tests, on kernels without bonds
/// @throws Error (unavailable)
std::vector<Link> links(const std::filesystem::path& class_net = "/sys/class/net");

}  // namespace csnet::host
