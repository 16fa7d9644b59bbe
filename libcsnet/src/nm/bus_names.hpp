#pragma once

/// NetworkManager's name on the bus, its permanent objects, and its D-Bus interfaces.
namespace csnet::nm {

inline constexpr const char* kService = "org.freedesktop.NetworkManager";
inline constexpr const char* kManagerPath = "/org/freedesktop/NetworkManager";
inline constexpr const char* kSettingsPath = "/org/freedesktop/NetworkManager/Settings";

inline constexpr const char* kManager = "org.freedesktop.NetworkManager";
inline constexpr const char* kSettings = "org.freedesktop.NetworkManager.Settings";
inline constexpr const char* kConnection = "org.freedesktop.NetworkManager.Settings.Connection";
inline constexpr const char* kActiveConnection = "org.freedesktop.NetworkManager.Connection.Active";
inline constexpr const char* kDevice = "org.freedesktop.NetworkManager.Device";
inline constexpr const char* kBridge = "org.freedesktop.NetworkManager.Device.Bridge";
inline constexpr const char* kBond = "org.freedesktop.NetworkManager.Device.Bond";
inline constexpr const char* kIp4Config = "org.freedesktop.NetworkManager.IP4Config";
inline constexpr const char* kIp6Config = "org.freedesktop.NetworkManager.IP6Config";
inline constexpr const char* kCheckpoint = "org.freedesktop.NetworkManager.Checkpoint";

}  // namespace csnet::nm
