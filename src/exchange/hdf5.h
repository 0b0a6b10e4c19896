// HDF5 files (The HDF Group's "File Format Specification", version 3.0) as Keras writes them with
// h5py: groups, texts as attributes, and arrays that lie in one piece. Whatever else such a file
// can hold is left unread, or refused where it is needed.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/safetensors.h"

namespace lilt::exchange {

struct Hdf5Array {
  std::vector<std::size_t> shape;
  std::optional<DataType> type;      // F16, F32 or F64; nothing: another one
  std::span<const std::byte> bytes;  // little-endian, of the file; nothing where unread
  bool is_in_one_piece = true;       // or in chunks, compressed, in another file: unread
};

// A group or an array.
struct Hdf5Object {
  std::string name;  // within its group
  std::vector<Hdf5Object> members;
  std::map<std::string, std::vector<std::string>, std::less<>> texts;  // attributes that are texts
  std::optional<Hdf5Array> array;

  // The object at a path such as "lstm_1/kernel:0", or null.
  [[nodiscard]] const Hdf5Object* find(std::string_view path) const;
  // The texts of an attribute; Keras writes a long one in parts, NAME0, NAME1, …
  [[nodiscard]] std::optional<std::vector<std::string>> text_list(
      const std::string& attribute) const;
  // The only text of an attribute.
  [[nodiscard]] std::optional<std::string> text(std::string_view attribute) const;
};

// Whether bytes begin as an HDF5 file does.
[[nodiscard]] bool is_hdf5(std::span<const std::byte> file);

// The whole file as a tree, whose arrays are views into the bytes. Takes no more memory and time
// than some tens of megabytes, whatever the file says; one that asks for more is refused.
[[nodiscard]] Result<Hdf5Object> read_hdf5(std::span<const std::byte> file);

}  // namespace lilt::exchange
