#include "exchange/keras_weights.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <tuple>
#include <utility>

#include "exchange/keras_config.h"

namespace lilt::exchange {
namespace {

Error bad_weights(std::string message) { return {ErrorCode::kFormat, std::move(message)}; }

// Layers that tell the names of their weights: Keras 1, Keras 2, and the .h5 of Keras 3.
Result<std::vector<KerasLayer>> read_named(const Hdf5Object& group,
                                           const std::vector<std::string>& names) {
  std::vector<KerasLayer> layers;
  for (const std::string& name : names) {
    const Hdf5Object* layer = group.find(name);
    const auto weights = layer == nullptr ? std::nullopt : layer->text_list("weight_names");
    if (!weights) return bad_weights("expected the layer " + name + " and its weight_names");
    if (weights->empty()) continue;
    KerasLayer& kept = layers.emplace_back(KerasLayer{name, {}});
    for (const std::string& weight : *weights) {
      const Hdf5Object* array = layer->find(weight);
      if (array == nullptr || !array->array) {
        return bad_weights("expected the weights " + weight + " of the layer " + name);
      }
      kept.weights.push_back(&*array->array);
    }
  }
  return layers;
}

// "lstm_12" as ("lstm", 12), "lstm" as ("lstm", 0).
std::pair<std::string_view, std::size_t> kind_and_number(std::string_view name) {
  const std::size_t digits = name.find_last_not_of("0123456789") + 1;
  if (digits == 0 || digits == name.size() || name[digits - 1] != '_') return {name, 0};
  std::size_t number = 0;
  const auto [end, error] =
      std::from_chars(name.data() + digits, name.data() + name.size(), number);
  if (error != std::errc()) return {name, 0};
  return {name.substr(0, digits - 1), number};
}

// The arrays 0, 1, … in the group "vars" of a layer or of a part of it.
std::vector<const Hdf5Array*> arrays_of(const Hdf5Object& layer) {
  std::vector<const Hdf5Array*> arrays;
  for (std::size_t i = 0;; ++i) {
    const Hdf5Object* array = layer.find("vars/" + std::to_string(i));
    if (array == nullptr || !array->array) return arrays;
    arrays.push_back(&*array->array);
  }
}

// Layers by kind: .weights.h5, and what a .keras holds. Those of a kind are numbered in their
// order.
Result<std::vector<KerasLayer>> read_numbered(const Hdf5Object& group) {
  struct Kind {
    std::string_view name, part;
    std::size_t place;
  };
  constexpr std::array kKinds = {Kind{"embedding", "", 0}, Kind{"lstm", "cell", 1},
                                 Kind{"time_distributed", "layer", 2}, Kind{"dense", "", 2}};
  std::vector<std::tuple<std::size_t, std::size_t, KerasLayer>> found;
  for (const Hdf5Object& layer : group.members) {
    const auto [kind, number] = kind_and_number(layer.name);
    const auto known = std::find_if(kKinds.begin(), kKinds.end(),
                                    [name = kind](const Kind& k) { return k.name == name; });
    if (known == kKinds.end()) {
      const bool is_silent =
          kind == "input_layer" || kind == "dropout" || kind == "activation" || kind == "softmax";
      if (is_silent) continue;
      return another_network("the layer " + layer.name);
    }
    const Hdf5Object* holder = layer.find(known->part);
    KerasLayer kept{layer.name,
                    holder == nullptr ? std::vector<const Hdf5Array*>() : arrays_of(*holder)};
    found.emplace_back(known->place, number, std::move(kept));
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::tie(std::get<0>(a), std::get<1>(a)) < std::tie(std::get<0>(b), std::get<1>(b));
  });
  std::vector<KerasLayer> layers;
  for (auto& entry : found) layers.push_back(std::move(std::get<2>(entry)));
  return layers;
}

}  // namespace

Result<std::vector<KerasLayer>> read_keras_weights(const Hdf5Object& file) {
  const Hdf5Object* model = file.find("model_weights");
  for (const Hdf5Object* group : {&file, model}) {
    if (group == nullptr) continue;
    if (const auto names = group->text_list("layer_names")) return read_named(*group, *names);
  }
  for (const char* container : {"layers", "_layer_checkpoint_dependencies"}) {
    if (const Hdf5Object* group = file.find(container)) return read_numbered(*group);
  }
  return bad_weights("expected weights that Keras wrote: layer_names or the group layers");
}

}  // namespace lilt::exchange
