// A graph of ONNX (onnx.ai, operators of version 13), put together node by node.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/protobuf_writer.h"

namespace lilt::exchange {

inline constexpr int kOnnxOperators = 13, kOnnxFormat = 7;  // both of 2020

enum class OnnxType : std::uint8_t { kFloat = 1, kInt64 = 7 };

// A size of an input or output: a number, or a name for one that is free.
struct OnnxSize {
  OnnxSize(std::size_t n) : size(n) {}        // NOLINT: implicit
  OnnxSize(const char* free) : name(free) {}  // NOLINT: implicit
  std::size_t size = 0;
  std::string name;
};

// An attribute of a node.
class OnnxAttribute {
 public:
  static OnnxAttribute of(std::string_view name, std::int64_t value);
  static OnnxAttribute of(std::string_view name, float value);
  static OnnxAttribute of(std::string_view name, std::span<const std::int64_t> values);
  static OnnxAttribute graph(std::string_view name, const ProtobufWriter& graph);

 private:
  friend class OnnxGraph;
  explicit OnnxAttribute(ProtobufWriter message) : message_(std::move(message)) {}
  ProtobufWriter message_;
};

// Names stand for values: inputs, constants, and what nodes give.
class OnnxGraph {
 public:
  void add_input(std::string_view name, OnnxType type, std::initializer_list<OnnxSize> shape);
  void add_output(std::string_view name, OnnxType type, std::initializer_list<OnnxSize> shape);
  void add_floats(std::string_view name, const std::vector<std::size_t>& shape,
                  std::span<const float> numbers);
  void add_integers(std::string_view name, const std::vector<std::int64_t>& numbers);
  void add_node(std::string_view operation, const std::vector<std::string>& inputs,
                const std::vector<std::string>& outputs,
                const std::vector<OnnxAttribute>& attributes = {});
  // A node with one output, which gets a name of its own.
  [[nodiscard]] std::string value(std::string_view operation,
                                  const std::vector<std::string>& inputs,
                                  const std::vector<OnnxAttribute>& attributes = {});

  // The GraphProto.
  [[nodiscard]] ProtobufWriter finish(std::string_view name);

 private:
  ProtobufWriter graph_;
  std::size_t values_ = 0;
};

// The ModelProto of a graph, with texts that go along with it.
[[nodiscard]] std::string onnx_model(const ProtobufWriter& graph, std::string_view description,
                                     const std::vector<std::pair<std::string, std::string>>& texts);

}  // namespace lilt::exchange
