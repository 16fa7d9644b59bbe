#include "saved_profiles.hpp"

#include <utility>

namespace csnet {
namespace {

template <class T>
T optional(const Json& json, const char* key) {
  return json.value(key, T{});
}

Json to_json(const SavedProfile& one) {
  return {{"uuid", one.profile.uuid},
          {"subject", one.profile.subject},
          {"settings", one.profile.settings},
          {"file", one.profile.file},
          {"content", one.content}};
}

SavedProfile to_saved_profile(const Json& json, const std::string& content) {
  return {.profile = {.uuid = json.at("uuid").get<std::string>(),
                      .subject = optional<std::string>(json, "subject"),
                      .settings = json.at("settings").get<std::string>(),
                      .file = json.at("file").get<std::string>()},
          .content = content};
}

Json to_json(const SavedInterface& one) {
  return {{"interface_name", one.interface_name},
          {"uuid", one.uuid},
          {"controller", one.controller},
          {"addresses", one.addresses}};
}

SavedInterface to_saved_interface(const Json& json) {
  return {.interface_name = json.at("interface_name").get<std::string>(),
          .uuid = json.at("uuid").get<std::string>(),
          .controller = optional<std::string>(json, "controller"),
          .addresses = optional<std::vector<std::string>>(json, "addresses")};
}

template <class T>
Json to_json(const std::vector<T>& all) {
  auto json = Json::array();
  for (const auto& one : all) json.push_back(to_json(one));
  return json;
}

}  // namespace

Json to_json(const SavedProfiles& profiles) {
  auto retired = Json::array();
  for (const auto& one : profiles.retired)
    retired.push_back({{"uuid", one.uuid}, {"name", one.name}});
  return {
      {"checkpoint", {{"path", profiles.checkpoint.path}, {"owner", profiles.checkpoint.owner}}},
      {"added", profiles.added},
      {"parked", profiles.parked},
      {"modified", profiles.modified},
      {"removed", profiles.removed},
      {"retired", std::move(retired)},
      {"restarted", profiles.restarted},
      {"saved", to_json(profiles.saved)},
      {"interfaces", to_json(profiles.interfaces)},
      {"new_interfaces", profiles.new_interfaces}};
}

SavedProfiles to_saved_profiles(const Json& saved) {
  using Uuids = std::vector<std::string>;
  SavedProfiles all{.added = saved.at("added").get<Uuids>(),
                    .parked = optional<Uuids>(saved, "parked"),
                    .modified = saved.at("modified").get<Uuids>(),
                    .removed = optional<Uuids>(saved, "removed"),
                    .restarted = optional<Uuids>(saved, "restarted"),
                    .new_interfaces = optional<Uuids>(saved, "new_interfaces")};
  all.checkpoint = checkpoint_of(saved);
  for (const auto& one : saved.at("retired"))
    all.retired.push_back({one.at("uuid").get<std::string>(), one.at("name").get<std::string>()});
  for (const auto& one : saved.at("saved"))
    all.saved.push_back(to_saved_profile(one, one.at("content").get<std::string>()));
  for (const auto& one : saved.at("interfaces")) all.interfaces.push_back(to_saved_interface(one));
  return all;
}

nm::Checkpoint checkpoint_of(const Json& saved) {
  const auto checkpoint = saved.find("checkpoint");
  if (checkpoint == saved.end()) return {};
  return {.path = optional<std::string>(*checkpoint, "path"),
          .owner = optional<std::string>(*checkpoint, "owner")};
}

std::vector<std::string> touched_profiles(const Record& record) {
  std::vector<std::string> touched;
  for (const auto& one : record.resources) {
    if (one.kind != SavedProfiles::kKind) continue;
    const auto profiles = to_saved_profiles(one.saved);
    for (const auto* uuids :
         {&profiles.added, &profiles.parked, &profiles.modified, &profiles.removed})
      touched.insert(touched.end(), uuids->begin(), uuids->end());
    for (const auto& retired : profiles.retired) touched.push_back(retired.uuid);
  }
  return touched;
}

SavedResource profiles_of_version_1(const Json& root) {
  auto saved = root;
  for (const auto* key : {"csnet", "id", "phase", "steps", "files", "retired_as", "before"})
    saved.erase(key);
  // Version 1 had two parallel lists for each.
  const auto names = optional<std::vector<std::string>>(root, "retired_as");
  saved["retired"] = Json::array();
  const auto uuids = optional<std::vector<std::string>>(root, "retired");
  for (std::size_t i = 0; i < uuids.size(); ++i)
    saved["retired"].push_back({{"uuid", uuids[i]}, {"name", Json(names).at(i)}});
  const auto& files = root.at("files");
  for (std::size_t i = 0; i < saved.at("saved").size(); ++i)
    saved["saved"][i]["content"] = files.at(i);
  saved["interfaces"] = root.at("before");
  return {.kind = SavedProfiles::kKind, .saved = to_json(to_saved_profiles(saved))};
}

}  // namespace csnet
