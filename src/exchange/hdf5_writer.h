// HDF5 files, written: the oldest version of the format, with the members of a group as links in
// the group itself, so that there are neither trees nor heaps. h5py and whatever else uses the HDF
// Group's library from 1.8 on reads them.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lilt::exchange {

// A group, or an array of floats.
struct Hdf5Part {
  struct Array {
    std::vector<std::size_t> shape;
    std::vector<float> numbers;
  };
  struct Attribute {
    std::string name;
    std::vector<std::string> texts;  // ASCII; all of them less than 64 KiB
    bool is_list = false;            // or one text
  };

  std::string name;  // within its group: less than 256 bytes
  std::vector<Attribute> attributes;
  std::vector<Hdf5Part> members;
  std::optional<Array> array;

  // The group of that name, or a new one.
  Hdf5Part& group(const std::string& member);
  void add_array(const std::string& member, std::vector<std::size_t> shape,
                 std::vector<float> numbers);
  void add_text(const std::string& attribute, std::string text);
  void add_texts(const std::string& attribute, std::vector<std::string> texts);
};

// The bytes of a file.
[[nodiscard]] std::string write_hdf5(const Hdf5Part& root);

}  // namespace lilt::exchange
