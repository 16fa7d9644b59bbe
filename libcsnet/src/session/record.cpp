#include "record.hpp"

#include <csnet/error.hpp>

#include <nlohmann/json.hpp>

namespace csnet {
namespace nm {
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Saved, uuid, subject, settings, file)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Checkpoint, path, owner)
}  // namespace nm

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Before, interface_name, uuid, controller, addresses)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Record, id, phase, checkpoint, added, parked, modified, removed,
                                   retired, retired_as, saved, files, before, restarted,
                                   new_interfaces, steps)

std::string to_json(const Record& record) {
  return nlohmann::json(record).dump(1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Record parse_record(const std::string& json) {
  try {
    return nlohmann::json::parse(json).get<Record>();
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorKind::unavailable, "transaction journal", error.what(),
                "it is damaged: look at the host, then delete the file");
  }
}

}  // namespace csnet
