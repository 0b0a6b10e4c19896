#include "model/safetensors.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "model/untrusted_json.h"

namespace lilt {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kMaxHeaderBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxDimensions = 8;

struct DataTypeFacts {
  DataType type;
  std::string_view name;
  std::size_t bytes;
};

// In the order of the types.
constexpr std::array<DataTypeFacts, kDataTypeCount> kDataTypes = {{
    {DataType::kF16, "F16", 2},
    {DataType::kF32, "F32", 4},
    {DataType::kF64, "F64", 8},
    {DataType::kU64, "U64", 8},
    {DataType::kI8, "I8", 1},
}};

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < kDataTypes.size(); ++i) {
    if (kDataTypes[i].type != static_cast<DataType>(i) || kDataTypes[i].bytes == 0) return false;
  }
  return true;
}
static_assert(is_in_order(), "name and size of each type, in the order of the types");

const DataTypeFacts& facts_of(DataType type) { return kDataTypes[static_cast<std::size_t>(type)]; }

Error bad_file(std::string message) { return {ErrorCode::kFormat, std::move(message)}; }

std::optional<std::uint64_t> as_unsigned(const Json& value) {
  if (!value.is_number_unsigned()) return std::nullopt;
  return value.get<std::uint64_t>();
}

std::optional<DataType> as_data_type(const Json& value) {
  if (!value.is_string()) return std::nullopt;
  for (const DataTypeFacts& facts : kDataTypes) {
    if (value.get_ref<const std::string&>() == facts.name) return facts.type;
  }
  return std::nullopt;
}

// The product of the dimensions times the element size, unless it overflows.
std::optional<std::uint64_t> byte_size(std::span<const std::size_t> shape, DataType type) {
  std::uint64_t size = bytes_per_element(type);
  for (const std::size_t dimension : shape) {
    if (__builtin_mul_overflow(size, dimension, &size)) return std::nullopt;
  }
  return size;
}

Result<std::vector<std::size_t>> read_shape(const Json& value, const std::string& tensor) {
  if (!value.is_array() || value.size() > kMaxDimensions) {
    return bad_file("tensor " + tensor + ": expected a shape of at most " +
                    std::to_string(kMaxDimensions) + " dimensions");
  }
  std::vector<std::size_t> shape;
  for (const Json& dimension : value) {
    const std::optional<std::uint64_t> size = as_unsigned(dimension);
    if (!size || *size > std::numeric_limits<std::size_t>::max()) {
      return bad_file("tensor " + tensor + ": expected whole numbers as its shape");
    }
    shape.push_back(static_cast<std::size_t>(*size));
  }
  return shape;
}

Result<TensorView> read_tensor(const std::string& tensor, const Json& entry,
                               std::span<const std::byte> data) {
  if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") ||
      !entry.contains("data_offsets")) {
    return bad_file("tensor " + tensor + ": expected dtype, shape and data_offsets");
  }
  const std::optional<DataType> type = as_data_type(entry["dtype"]);
  if (!type) return bad_file("tensor " + tensor + ": expected the dtype I8, F16, F32, F64 or U64");
  Result<std::vector<std::size_t>> shape = read_shape(entry["shape"], tensor);
  if (!shape) return shape.error();

  const Json& offsets = entry["data_offsets"];
  const bool pair = offsets.is_array() && offsets.size() == 2;
  const std::optional<std::uint64_t> begin = pair ? as_unsigned(offsets[0]) : std::nullopt;
  const std::optional<std::uint64_t> end = pair ? as_unsigned(offsets[1]) : std::nullopt;
  if (!begin || !end || *begin > *end || *end > data.size()) {
    return bad_file("tensor " + tensor + ": expected data offsets within the " +
                    std::to_string(data.size()) + " bytes of data");
  }
  if (byte_size(*shape, *type) != *end - *begin) {
    return bad_file("tensor " + tensor + ": its shape does not fit its " +
                    std::to_string(*end - *begin) + " bytes");
  }
  const std::span<const std::byte> bytes =
      data.subspan(static_cast<std::size_t>(*begin), static_cast<std::size_t>(*end - *begin));
  return TensorView{tensor, *type, *std::move(shape), bytes};
}

Result<std::map<std::string, std::string>> read_metadata(const Json& entry) {
  std::map<std::string, std::string> metadata;
  if (!entry.is_object()) return bad_file("__metadata__: expected an object of strings");
  for (const auto& [key, value] : entry.items()) {
    if (!value.is_string()) return bad_file("__metadata__: expected a string for " + key);
    metadata.emplace(key, value.get<std::string>());
  }
  return metadata;
}

// The format allows neither holes nor overlaps.
Status check_coverage(std::span<const TensorView> sorted, std::span<const std::byte> data) {
  const std::byte* expected = data.data();
  for (const TensorView& tensor : sorted) {
    if (tensor.bytes.data() != expected) {
      return bad_file("tensor " + tensor.name + ": its bytes leave a hole or overlap others");
    }
    expected += tensor.bytes.size();
  }
  if (expected != data.data() + data.size()) {
    return bad_file("the tensors end before the file does");
  }
  return success();
}

}  // namespace

std::string_view name(DataType type) { return facts_of(type).name; }

std::size_t bytes_per_element(DataType type) { return facts_of(type).bytes; }

const TensorView* SafetensorsView::find(std::string_view name) const {
  const auto found = std::find_if(tensors.begin(), tensors.end(),
                                  [&](const TensorView& t) { return t.name == name; });
  return found == tensors.end() ? nullptr : &*found;
}

Result<SafetensorsView> parse_safetensors(std::span<const std::byte> file) {
  if (file.size() < kLengthBytes) {
    return bad_file("is not a Lilt model (.safetensors): holds only " +
                    std::to_string(file.size()) + " bytes");
  }
  std::uint64_t header_bytes = 0;
  std::memcpy(&header_bytes, file.data(), kLengthBytes);
  if (header_bytes > file.size() - kLengthBytes || header_bytes > kMaxHeaderBytes) {
    return bad_file("is not a Lilt model (.safetensors), or was cut short");
  }
  const auto header_size = static_cast<std::size_t>(header_bytes);
  const auto* header = reinterpret_cast<const char*>(file.data() + kLengthBytes);
  const Json json = parse_untrusted_json({header, header_size});
  if (!json.is_object()) return bad_file("expected a JSON object as the header");

  const std::span<const std::byte> data = file.subspan(kLengthBytes + header_size);
  SafetensorsView view;
  for (const auto& [key, entry] : json.items()) {
    if (key == "__metadata__") {
      Result<std::map<std::string, std::string>> metadata = read_metadata(entry);
      if (!metadata) return metadata.error();
      view.metadata = *std::move(metadata);
      continue;
    }
    Result<TensorView> tensor = read_tensor(key, entry, data);
    if (!tensor) return tensor.error();
    view.tensors.push_back(*std::move(tensor));
  }
  std::sort(view.tensors.begin(), view.tensors.end(), [](const TensorView& a, const TensorView& b) {
    return std::pair(a.bytes.data(), a.bytes.size()) < std::pair(b.bytes.data(), b.bytes.size());
  });
  if (Status s = check_coverage(view.tensors, data); !s) return s.error();
  return view;
}

std::string safetensors_header(const std::map<std::string, std::string>& metadata,
                               std::span<const TensorView> tensors) {
  nlohmann::ordered_json json;
  json["__metadata__"] = metadata;
  std::size_t offset = 0;
  for (const TensorView& tensor : tensors) {
    json[tensor.name] = {{"dtype", name(tensor.type)},
                         {"shape", tensor.shape},
                         {"data_offsets", {offset, offset + tensor.bytes.size()}}};
    offset += tensor.bytes.size();
  }
  std::string text = json.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const std::uint64_t length = text.size();
  std::string header(kLengthBytes, '\0');
  std::memcpy(header.data(), &length, kLengthBytes);
  return header + text;
}

}  // namespace lilt
