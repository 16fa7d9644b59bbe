#include "canonical.hpp"
#include "interface_steps.hpp"

#include <csnet/plan.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

/// A plan for people, for programs, and for Ansible's --diff.
namespace csnet::inline CSNET_ABI {
namespace {

constexpr int kVersion = 1;  ///< of the JSON: a key may be added without a new one

struct Sign {
  std::string_view text;
  std::string PlanStyle::*style = nullptr;  ///< null: plain
};

Sign sign_of(Action action) {
  switch (action) {
    case Action::add:
      return {"+ add", &PlanStyle::added};
    case Action::modify:
      return {"~ modify", &PlanStyle::changed};
    case Action::retire:
      return {"~ retire", &PlanStyle::changed};
    case Action::remove:
      return {"- remove", &PlanStyle::removed};
    case Action::activate:
    case Action::reapply:
    case Action::restart:
    case Action::park:
      return {to_string(action)};
  }
  return {to_string(action)};
}

/// The name for people, not that of a parked or a retired profile.
const std::string& known_name(const Step& step) {
  return step.name.empty() ? model::profile_of(step).name() : step.name;
}

std::string known_subject(const Step& step) {
  auto profile = model::profile_of(step);
  profile.visit([&](auto& of) { of.name = known_name(step); });
  return subject(profile);
}

std::string or_nothing(const std::string& text) { return text.empty() ? "(none)" : text; }

/// Collects the lines of a plan's text, each marked as the style says.
class Lines {
 public:
  explicit Lines(const PlanStyle& style) : style_(style) {}

  void add(std::string PlanStyle::*mark, std::string_view line) {
    if (!text_.empty()) text_ += '\n';
    const std::string_view before = mark == nullptr ? std::string_view{} : style_.*mark;
    text_ += before;
    text_ += line;
    if (!before.empty()) text_ += style_.end;
  }

  void add_step(const Step& step, int number) {
    const auto sign = sign_of(step.action);
    const auto place = number == 0 ? std::string{} : fmt::format("{}. ", number);
    add(sign.style, fmt::format("  {}{} {}: {}", place, sign.text, known_subject(step), step.why));
    if (step.interrupts_traffic)
      add(&PlanStyle::warning, fmt::format("      traffic stops: {}", step.interrupts));
    for (const auto& change : step.changes) {
      add(nullptr, step.action == Action::add
                       ? fmt::format("      {}: {}", change.property, change.after)
                       : fmt::format("      {}: {} → {}", change.property,
                                     or_nothing(change.before), or_nothing(change.after)));
    }
  }

  void add_note(const Finding& note) {
    add(note.severity == Severity::warning ? &PlanStyle::warning : &PlanStyle::heading,
        fmt::format("{}: {}", to_string(note.severity), to_text(note)));
    if (!note.hint.empty()) add(nullptr, fmt::format("  hint: {}", note.hint));
  }

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  const PlanStyle& style_;
  std::string text_;
};

/// A plain word is not quoted; a text that YAML could misread is written as JSON, which YAML reads.
std::string yaml_scalar(const std::string& text) {
  const auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '/' || c == '_' || c == '-' || c == '=';
  };
  const bool plain = !text.empty() && text.front() != '-' && text.front() != '=' &&
                     std::ranges::all_of(text, is_plain) &&
                     text.find_first_not_of("0123456789._") != std::string::npos;
  return plain
             ? text
             : nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void write_profile(std::string& out, const Step& step, std::string Change::*side) {
  fmt::format_to(std::back_inserter(out), "{}:\n", yaml_scalar(known_subject(step)));
  for (const auto& change : step.changes) {
    const auto& text = change.*side;
    if (!text.empty())
      fmt::format_to(std::back_inserter(out), "  {}: {}\n", change.property, yaml_scalar(text));
  }
}

}  // namespace

std::string to_text(const Plan& plan, const PlanStyle& style) {
  Lines lines(style);
  if (plan.empty()) {
    lines.add(&PlanStyle::heading, "Nothing to do: the host is as wanted.");
    for (const auto& note : plan.notes) lines.add_note(note);
    return lines.take();
  }
  const auto section = [&](Phase phase, std::string_view title) {
    int number = 0;
    for (const auto& step : plan.steps) {
      if (phase_of(step.action) != phase) continue;
      if (number++ == 0) lines.add(&PlanStyle::heading, title);
      lines.add_step(step, phase == Phase::live ? number : 0);
    }
  };
  section(Phase::memory, "Profiles, in memory until the commit:");
  section(Phase::live, "Interfaces, in this order:");
  section(Phase::disk, "At the end, on disk:");
  for (const auto& note : plan.notes) lines.add_note(note);
  return lines.take();
}

std::string to_json(const Plan& plan) {
  nlohmann::ordered_json root = {{"csnet", kVersion},
                                 {"steps", nlohmann::ordered_json::array()},
                                 {"notes", nlohmann::ordered_json::array()}};
  for (const auto& step : plan.steps) {
    nlohmann::ordered_json changes = nlohmann::ordered_json::array();
    for (const auto& change : step.changes)
      changes.push_back(
          {{"property", change.property}, {"before", change.before}, {"after", change.after}});
    root["steps"].push_back({{"action", to_string(step.action)},
                             {"subject", known_subject(step)},
                             {"name", known_name(step)},
                             {"interface_name", model::profile_of(step).interface_name()},
                             {"uuid", model::profile_of(step).uuid()},
                             {"why", step.why},
                             {"interrupts", step.interrupts},
                             {"interrupts_traffic", step.interrupts_traffic},
                             {"follows_at_once", step.follows_at_once},
                             {"changes", std::move(changes)}});
  }
  for (const auto& note : plan.notes) {
    root["notes"].push_back({{"severity", to_string(note.severity)},
                             {"id", note.id},
                             {"subject", note.subject},
                             {"field", note.field},
                             {"message", note.message},
                             {"hint", note.hint}});
  }
  // A foreign profile may have invalid UTF-8, which must not make the whole plan unreadable.
  return root.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

Diff diff(const Plan& plan) {
  Diff both;
  for (const auto& step : plan.steps) {
    if (phase_of(step.action) == Phase::live) continue;
    if (step.action != Action::add) {
      auto before = step;
      if (step.action == Action::remove) before.changes = model::mentioned(model::profile_of(step));
      for (auto& change : before.changes)
        if (step.action == Action::remove) change.before = change.after;
      write_profile(both.before, before, &Change::before);
    }
    if (step.action != Action::remove) write_profile(both.after, step, &Change::after);
  }
  return both;
}

}  // namespace csnet::inline CSNET_ABI
