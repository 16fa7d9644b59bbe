#pragma once

#include <csnet/facts.hpp>

#include <filesystem>
#include <vector>

namespace csnet::host {

/// Reads the kernel's view of each interface of this process's network namespace, sorted by name.
/// @param class_net has more about bonds; another directory for tests on kernels without bonds
/// @throws Error (unavailable)
std::vector<Link> links(const std::filesystem::path& class_net = "/sys/class/net");

}  // namespace csnet::host
