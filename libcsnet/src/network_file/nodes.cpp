#include "nodes.hpp"

#include "characters.hpp"
#include "json.hpp"
#include "yaml.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace csnet::network_file {
namespace {

constexpr std::size_t deepest = 16;
constexpr std::size_t most_nodes = 50'000;
/// The most values that all aliases of a file may stand for. A file with more is an attack.
constexpr std::size_t most_aliased = 10'000;
constexpr std::string_view text_tag = "tag:yaml.org,2002:str";

}  // namespace

bool Node::is_null() const {
  return plain &&
         (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL");
}

std::string to_text(const Node& node) {
  if (node.kind == Node::Kind::text) return quote(node.text);
  return node.kind == Node::Kind::list ? "a list" : "a mapping";
}

/// Builds the tree from the parser's events.
class Composer {
 public:
  Composer(Document& document, Problems& problems) : document_(document), problems_(problems) {}

  void take(const yaml_event_t& event) {
    const Place place = place_of(event.start_mark);
    switch (event.type) {
      case YAML_ALIAS_EVENT:
        return put(alias(text_of(event.data.alias.anchor), place));
      case YAML_SCALAR_EVENT: {
        const auto& scalar = event.data.scalar;
        const auto tag = text_of(scalar.tag);
        begin({.kind = Node::Kind::text,
               .place = place,
               .text = {reinterpret_cast<const char*>(scalar.value), scalar.length},
               .plain = scalar.style == YAML_PLAIN_SCALAR_STYLE && tag != text_tag},
              text_of(scalar.anchor), tag);
        return;
      }
      case YAML_SEQUENCE_START_EVENT: {
        const auto& list = event.data.sequence_start;
        begin({.kind = Node::Kind::list, .place = place}, text_of(list.anchor), text_of(list.tag));
        return;
      }
      case YAML_MAPPING_START_EVENT: {
        const auto& map = event.data.mapping_start;
        begin({.kind = Node::Kind::map, .place = place}, text_of(map.anchor), text_of(map.tag));
        return;
      }
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT: {
        const auto [node, anchor] = std::move(open_.back());
        open_.pop_back();
        put(*node);
        if (!anchor.empty()) anchors_[anchor] = node;
        return;
      }
      case YAML_DOCUMENT_START_EVENT:
        if (document_.root_ != nullptr)
          problems_.fatal(place, "a second document begins here", "remove the '---'");
        return;
      case YAML_NO_EVENT:
      case YAML_STREAM_START_EVENT:
      case YAML_STREAM_END_EVENT:
      case YAML_DOCUMENT_END_EVENT:
        return;
    }
  }

 private:
  void begin(Node&& made, std::string anchor, std::string_view tag) {
    if (document_.nodes_.size() >= most_nodes) {
      problems_.fatal(made.place, fmt::format("more than {} values", most_nodes),
                      "this is not a network file");
    }
    if (!tag.empty() && tag != "!" && tag != text_tag) refuse_tag(made.place, tag);
    const bool is_text = made.kind == Node::Kind::text;
    if (!is_text && open_.size() >= deepest) {
      problems_.fatal(made.place, fmt::format("nested deeper than {} levels", deepest),
                      "no network file needs that");
    }
    Node& node = document_.nodes_.emplace_back(std::move(made));
    if (!anchor.empty()) anchors_[anchor] = is_text ? &node : nullptr;
    if (is_text) return put(node);
    open_.emplace_back(&node, std::move(anchor));
  }

  [[noreturn]] void refuse_tag(Place place, std::string_view tag) {
    constexpr std::string_view standard = "tag:yaml.org,2002:";
    std::string shown(tag);
    for (auto at = shown.find(standard); at != std::string::npos; at = shown.find(standard, at + 2))
      shown.replace(at, standard.size(), "!!");
    problems_.fatal(place, fmt::format("the tag {} is not allowed", quote(shown)), "leave it out");
  }

  const Node& alias(const std::string& name, Place place) {
    const auto found = anchors_.find(name);
    if (found == anchors_.end()) {
      problems_.fatal(place, fmt::format("no anchor &{} is defined above", name),
                      fmt::format("a value that begins with * needs quotes: \"*{}\"", name));
    }
    if (found->second == nullptr) {
      problems_.fatal(place,
                      fmt::format("the alias *{} is inside the value that it stands for", name),
                      "write it out");
    }
    aliased_ += found->second->size;
    if (aliased_ > most_aliased) {
      problems_.fatal(place, fmt::format("aliases stand for more than {} values", most_aliased),
                      "write them out");
    }
    return *found->second;
  }

  void put(const Node& node) {
    if (open_.empty()) {
      document_.root_ = &node;
      return;
    }
    Node& parent = *open_.back().first;
    parent.items.push_back(&node);
    parent.size += node.size;
  }

  Document& document_;
  Problems& problems_;
  std::map<std::string, const Node*> anchors_{};       ///< nullptr: the value is not complete yet
  std::vector<std::pair<Node*, std::string>> open_{};  ///< with their anchors
  std::size_t aliased_ = 0;
};

Document::Document(const Source& source, Problems& problems) {
  Composer composer(*this, problems);
  Parser parser(encode(as_yaml(source, problems)));
  while (const auto* event = parser.next(source, problems)) composer.take(*event);
  if (root_ == nullptr || root_->is_null()) {
    problems.fatal({}, "the file is empty", "write what is wanted; `profiles: []` wants nothing");
  }
}

}  // namespace csnet::network_file
