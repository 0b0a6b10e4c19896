#include "exchange/hdf5_writer.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include "exchange/byte_writer.h"

namespace lilt::exchange {
namespace {

constexpr std::uint64_t kNowhere = std::numeric_limits<std::uint64_t>::max();
[[maybe_unused]] constexpr std::size_t kSuperblockBytes = 96;
constexpr std::size_t kRootAddress = 64, kEndAddress = 40;

// A message of an object's header.
struct Message {
  std::uint16_t type;
  std::string data;
};

std::string padded(std::string bytes) {
  bytes.resize((bytes.size() + 7) / 8 * 8, '\0');
  return bytes;
}

std::string dataspace(const std::vector<std::size_t>& shape) {
  ByteWriter bytes;
  bytes.u8(1).u8(shape.size()).u8(0).u8(0).u32(0);
  for (const std::size_t size : shape) bytes.u64(size);
  return bytes.take();
}

// float, its lowest byte first.
std::string float_type() {
  ByteWriter bytes;
  bytes.u8(0x11).u8(0x20).u8(31).u8(0).u32(4);              // class, and where the sign is
  bytes.u16(0).u16(32).u8(23).u8(8).u8(0).u8(23).u32(127);  // exponent and mantissa
  return bytes.take();
}

// Texts of that many bytes, filled up with zeros.
std::string text_type(std::size_t size) {
  return ByteWriter().u8(0x13).u8(1).u16(0).u32(size).take();
}

Message attribute_message(const Hdf5Part::Attribute& attribute) {
  std::size_t size = 1;
  for (const std::string& text : attribute.texts) size = std::max(size, text.size());
  const std::string type = text_type(size);
  const std::string space =
      dataspace(attribute.is_list ? std::vector<std::size_t>{attribute.texts.size()}
                                  : std::vector<std::size_t>{});
  const std::string name = attribute.name + '\0';
  ByteWriter bytes;
  bytes.u8(1).u8(0).u16(name.size()).u16(type.size()).u16(space.size());
  bytes.text(padded(name)).text(padded(type)).text(padded(space));
  for (std::string text : attribute.texts) {
    text.resize(size, '\0');
    bytes.text(text);
  }
  return {0x0C, bytes.take()};
}

class Writer {
 public:
  std::string write(const Hdf5Part& root) {
    bytes_.text(superblock());
    const std::uint64_t address = write_part(root);
    std::string file = bytes_.take();
    const auto put = [&](std::size_t at, std::uint64_t number) {
      const std::string digits = ByteWriter().u64(number).take();
      file.replace(at, digits.size(), digits);
    };
    put(kRootAddress, address);
    put(kEndAddress, file.size());
    return file;
  }

 private:
  static std::string superblock() {
    ByteWriter bytes;
    bytes.text("\x89HDF\r\n\x1a\n").u32(0).u8(0).u8(8).u8(8).u8(0);  // sizes of addresses, lengths
    bytes.u16(4).u16(16).u32(0);
    bytes.u64(0).u64(kNowhere).u64(0).u64(kNowhere);  // the third is the end of the file
    bytes.u64(0).u64(0).u32(0).u32(0).u64(0).u64(0);  // the second is the root's address
    std::string block = bytes.take();
    assert(block.size() == kSuperblockBytes);
    return block;
  }

  // What is in a part comes before it. Gives the address of its header.
  std::uint64_t write_part(const Hdf5Part& part) {
    std::vector<Message> messages = part.array ? array_messages(*part.array) : group_messages(part);
    for (const auto& attribute : part.attributes) messages.push_back(attribute_message(attribute));
    return write_header(messages);
  }

  std::vector<Message> group_messages(const Hdf5Part& group) {
    std::vector<Message> messages = {
        {0x02, ByteWriter().u8(0).u8(0).u64(kNowhere).u64(kNowhere).take()},  // no heap of links
        {0x0A, ByteWriter().u8(0).u8(0).take()}};
    for (const Hdf5Part& member : group.members) {
      const std::uint64_t address = write_part(member);
      messages.push_back(
          {0x06,
           ByteWriter().u8(1).u8(0).u8(member.name.size()).text(member.name).u64(address).take()});
    }
    return messages;
  }

  std::vector<Message> array_messages(const Hdf5Part::Array& array) {
    const std::uint64_t address = bytes_.size();
    const std::size_t size = array.numbers.size() * sizeof(float);
    bytes_.text({reinterpret_cast<const char*>(array.numbers.data()), size});
    align();
    return {{0x01, dataspace(array.shape)},
            {0x03, float_type()},
            {0x05, ByteWriter().u8(2).u8(2).u8(2).u8(0).take()},  // nothing to fill with
            {0x08, ByteWriter().u8(3).u8(1).u64(address).u64(size).take()}};
  }

  std::uint64_t write_header(const std::vector<Message>& messages) {
    const std::uint64_t address = bytes_.size();
    ByteWriter block;
    for (const Message& message : messages) {
      const std::string data = padded(message.data);
      assert(data.size() <= 0xFFFF);
      block.u16(message.type).u16(data.size()).u32(0).text(data);
    }
    const std::string header = block.take();
    bytes_.u8(1).u8(0).u16(messages.size()).u32(1).u32(header.size()).u32(0).text(header);
    return address;
  }

  void align() { bytes_.text(std::string((8 - bytes_.size() % 8) % 8, '\0')); }

  ByteWriter bytes_;
};

}  // namespace

Hdf5Part& Hdf5Part::group(const std::string& member) {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const Hdf5Part& part) { return part.name == member; });
  return found != members.end() ? *found : members.emplace_back(Hdf5Part{.name = member});
}

void Hdf5Part::add_array(const std::string& member, std::vector<std::size_t> shape,
                         std::vector<float> numbers) {
  group(member).array = Array{std::move(shape), std::move(numbers)};
}

void Hdf5Part::add_text(const std::string& attribute, std::string text) {
  attributes.push_back({attribute, {std::move(text)}, false});
}

void Hdf5Part::add_texts(const std::string& attribute, std::vector<std::string> texts) {
  attributes.push_back({attribute, std::move(texts), true});
}

std::string write_hdf5(const Hdf5Part& root) { return Writer().write(root); }

}  // namespace lilt::exchange
