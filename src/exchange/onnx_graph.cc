#include "exchange/onnx_graph.h"

#include <utility>

namespace lilt::exchange {
namespace {

// The numbers of fields in onnx.proto.
namespace field {
constexpr std::uint32_t kName = 1, kAttributeFloat = 2, kAttributeInt = 3, kAttributeGraph = 6,
                        kAttributeInts = 8, kAttributeType = 20;
constexpr std::uint32_t kDims = 1, kDataType = 2, kTensorName = 8, kRawData = 9;
constexpr std::uint32_t kInput = 1, kOutput = 2, kNodeName = 3, kOperation = 4, kAttribute = 5;
constexpr std::uint32_t kNode = 1, kGraphName = 2, kInitializer = 5, kGraphInput = 11,
                        kGraphOutput = 12;
constexpr std::uint32_t kFormatVersion = 1, kProducer = 2, kDescription = 6, kGraph = 7,
                        kOperatorSet = 8, kTexts = 14;
constexpr std::uint32_t kKey = 1, kValue = 2;
}  // namespace field

enum class AttributeType : std::uint8_t { kFloat = 1, kInt = 2, kGraph = 5, kInts = 7 };

ProtobufWriter attribute(std::string_view name, AttributeType type) {
  ProtobufWriter message;
  message.text(field::kName, name);
  message.number(field::kAttributeType, static_cast<std::int64_t>(type));
  return message;
}

// A ValueInfoProto.
ProtobufWriter value_info(std::string_view name, OnnxType type,
                          std::initializer_list<OnnxSize> sizes) {
  ProtobufWriter shape;
  for (const OnnxSize& size : sizes) {
    ProtobufWriter dimension;
    if (size.name.empty()) {
      dimension.number(1, static_cast<std::int64_t>(size.size));
    } else {
      dimension.text(2, size.name);
    }
    shape.message(1, dimension);
  }
  ProtobufWriter tensor, kind, info;
  tensor.number(1, static_cast<std::int64_t>(type)).message(2, shape);
  kind.message(1, tensor);
  info.text(1, name).message(2, kind);
  return info;
}

// A TensorProto.
ProtobufWriter tensor(std::string_view name, OnnxType type, std::span<const std::int64_t> shape,
                      std::span<const std::byte> bytes) {
  ProtobufWriter message;
  for (const std::int64_t size : shape) message.number(field::kDims, size);
  message.number(field::kDataType, static_cast<std::int64_t>(type));
  message.text(field::kTensorName, name);
  message.text(field::kRawData, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  return message;
}

}  // namespace

OnnxAttribute OnnxAttribute::of(std::string_view name, std::int64_t value) {
  ProtobufWriter message = attribute(name, AttributeType::kInt);
  message.number(field::kAttributeInt, value);
  return OnnxAttribute(std::move(message));
}

OnnxAttribute OnnxAttribute::of(std::string_view name, float value) {
  ProtobufWriter message = attribute(name, AttributeType::kFloat);
  message.real(field::kAttributeFloat, value);
  return OnnxAttribute(std::move(message));
}

OnnxAttribute OnnxAttribute::of(std::string_view name, std::span<const std::int64_t> values) {
  ProtobufWriter message = attribute(name, AttributeType::kInts);
  for (const std::int64_t value : values) message.number(field::kAttributeInts, value);
  return OnnxAttribute(std::move(message));
}

OnnxAttribute OnnxAttribute::graph(std::string_view name, const ProtobufWriter& graph) {
  ProtobufWriter message = attribute(name, AttributeType::kGraph);
  message.message(field::kAttributeGraph, graph);
  return OnnxAttribute(std::move(message));
}

void OnnxGraph::add_input(std::string_view name, OnnxType type,
                          std::initializer_list<OnnxSize> shape) {
  graph_.message(field::kGraphInput, value_info(name, type, shape));
}

void OnnxGraph::add_output(std::string_view name, OnnxType type,
                           std::initializer_list<OnnxSize> shape) {
  graph_.message(field::kGraphOutput, value_info(name, type, shape));
}

void OnnxGraph::add_floats(std::string_view name, const std::vector<std::size_t>& shape,
                           std::span<const float> numbers) {
  const std::vector<std::int64_t> sizes(shape.begin(), shape.end());
  graph_.message(field::kInitializer,
                 tensor(name, OnnxType::kFloat, sizes, std::as_bytes(numbers)));
}

void OnnxGraph::add_integers(std::string_view name, const std::vector<std::int64_t>& numbers) {
  const std::int64_t size = static_cast<std::int64_t>(numbers.size());
  graph_.message(field::kInitializer, tensor(name, OnnxType::kInt64, std::span(&size, 1),
                                             std::as_bytes(std::span(numbers))));
}

void OnnxGraph::add_node(std::string_view operation, const std::vector<std::string>& inputs,
                         const std::vector<std::string>& outputs,
                         const std::vector<OnnxAttribute>& attributes) {
  ProtobufWriter node;
  for (const std::string& input : inputs) node.text(field::kInput, input);
  for (const std::string& output : outputs) node.text(field::kOutput, output);
  node.text(field::kNodeName, outputs.front()).text(field::kOperation, operation);
  for (const OnnxAttribute& a : attributes) node.message(field::kAttribute, a.message_);
  graph_.message(field::kNode, node);
}

std::string OnnxGraph::value(std::string_view operation, const std::vector<std::string>& inputs,
                             const std::vector<OnnxAttribute>& attributes) {
  std::string name = "value." + std::to_string(values_++);
  add_node(operation, inputs, {name}, attributes);
  return name;
}

ProtobufWriter OnnxGraph::finish(std::string_view name) {
  graph_.text(field::kGraphName, name);
  return std::move(graph_);
}

std::string onnx_model(const ProtobufWriter& graph, std::string_view description,
                       const std::vector<std::pair<std::string, std::string>>& texts) {
  ProtobufWriter operators, model;
  operators.text(1, "").number(2, kOnnxOperators);
  model.number(field::kFormatVersion, kOnnxFormat).text(field::kProducer, "lilt");
  model.text(field::kDescription, description).message(field::kOperatorSet, operators);
  for (const auto& [key, value] : texts) {
    ProtobufWriter entry;
    entry.text(field::kKey, key).text(field::kValue, value);
    model.message(field::kTexts, entry);
  }
  model.message(field::kGraph, graph);
  return model.take();
}

}  // namespace lilt::exchange
