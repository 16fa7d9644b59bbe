#pragma once

#include "client.hpp"

#include <string>

/// NetworkManager's requests about profiles.
namespace csnet::nm {

/// A request to the Settings object, which has all profiles.
Call on_settings(const char* method, VariantPtr arguments = {}, std::string subject = {});

/// `flags` are NMSettingsAddConnection2Flags.
Call add_call(const VariantPtr& settings, guint32 flags, std::string subject = {});
/// `flags` are NMSettingsUpdate2Flags. Without settings, NetworkManager keeps the profile's own.
Call update_call(std::string path, const VariantPtr& settings, guint32 flags,
                 std::string subject = {});
Call settings_call(std::string path);
Call delete_call(std::string path);

/// Brings the profile up, on the device at this path; "/" is the device that NetworkManager finds for it.
Call activate_call(const Stored& profile, const std::string& device = "/");

}  // namespace csnet::nm
