#pragma once

#include <csnet/finding.hpp>
#include <csnet/profile.hpp>

#include <string>
#include <utility>
#include <vector>

namespace csnet::model {

/// Collects what is wrong with one subject.
class Findings {
 public:
  Findings(std::vector<Finding>& all, std::string subject)
      : all_(all), subject_(std::move(subject)) {}

  void error(std::string evidence, std::string remedy = {}) {
    add(Severity::error, evidence, remedy);
  }
  void warning(std::string evidence, std::string remedy = {}) {
    add(Severity::warning, evidence, remedy);
  }

 private:
  void add(Severity severity, std::string& evidence, std::string& remedy) {
    all_.push_back({severity, subject_, std::move(evidence), std::move(remedy)});
  }

  std::vector<Finding>& all_;
  std::string subject_;
};

/// What is wrong with the profile by itself.
void check_profile(const Profile& profile, Findings& findings);

/// CloudStack calls guest bridges br<parent>-<vlan>, and names hold 15 bytes.
void warn_of_long_parent(std::string_view parent, Findings& findings);

}  // namespace csnet::model
