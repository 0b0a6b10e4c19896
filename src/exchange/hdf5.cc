#include "exchange/hdf5.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <utility>

#include "exchange/byte_reader.h"

namespace lilt::exchange {
namespace {

using Address = std::uint64_t;
using Bytes = std::span<const std::byte>;

constexpr std::string_view kSignature = "\x89HDF\r\n\x1a\n";
constexpr Address kNowhere = std::numeric_limits<Address>::max();  // "undefined address"
constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxDimensions = 8;
// What reading may cost, in bytes looked at or kept; the files of the largest networks take a
// tenth.
constexpr std::size_t kMostWork = std::size_t{16} << 20;
constexpr std::size_t kWorkOfObject = 256, kWorkOfEntry = 64;

enum class MessageType : std::uint16_t {
  kDataspace = 0x01,
  kLinkInfo = 0x02,
  kDatatype = 0x03,
  kLink = 0x06,
  kLayout = 0x08,
  kFilters = 0x0B,
  kAttribute = 0x0C,
  kContinuation = 0x10,
  kSymbolTable = 0x11,
  kAttributeInfo = 0x15,
};

struct Message {
  std::uint16_t type;
  bool is_shared;  // it only tells where the message is
  Bytes data;
};

struct Dataspace {
  std::vector<std::size_t> shape;
  std::size_t count = 1;  // of elements
};

struct Datatype {
  enum class Kind : std::uint8_t { kNumber, kText, kLongText, kOther };
  Kind kind = Kind::kOther;
  std::size_t size = 0;  // of an element, in bytes
  std::optional<DataType> number;
};

Error bad_file(std::string message, std::optional<Address> address = {}) {
  Error error{ErrorCode::kFormat, std::move(message)};
  error.place.byte = address;
  return error;
}

// One of the floating-point types of IEEE 754, its lowest byte first, as h5py describes them.
std::optional<DataType> float_type(std::uint32_t bits, std::size_t size, ByteReader properties) {
  if ((bits & 0x41) != 0) return std::nullopt;  // the highest byte first
  const std::uint16_t offset = properties.u16(), precision = properties.u16();
  properties.skip(1);
  const std::uint8_t exponent = properties.u8();
  if (properties.failed() || offset != 0 || precision != size * 8) return std::nullopt;
  if (size == 2 && exponent == 5) return DataType::kF16;
  if (size == 4 && exponent == 8) return DataType::kF32;
  if (size == 8 && exponent == 11) return DataType::kF64;
  return std::nullopt;
}

Datatype read_datatype(Bytes data) {
  ByteReader reader(data);
  const std::uint8_t what = reader.u8() & 0x0F;
  const auto bits = static_cast<std::uint32_t>(reader.number(3));
  Datatype type{.size = reader.u32()};
  if (reader.failed()) return {};
  if (what == 1) {
    type.kind = Datatype::Kind::kNumber;
    type.number = float_type(bits, type.size, reader);
  } else if (what == 3) {
    type.kind = Datatype::Kind::kText;
  } else if (what == 9 && (bits & 0x0F) == 1 && type.size == 16) {
    type.kind = Datatype::Kind::kLongText;
  }
  return type;
}

std::optional<Dataspace> read_dataspace(Bytes data) {
  ByteReader reader(data);
  const std::uint8_t version = reader.u8(), rank = reader.u8();
  reader.skip(1);
  const std::uint8_t type = reader.u8();
  if (version == 1) reader.skip(4);
  if ((version != 1 && version != 2) || rank > kMaxDimensions) return std::nullopt;
  Dataspace space;
  if (version == 2 && type == 2) space.count = 0;
  for (std::uint8_t i = 0; i < rank; ++i) {
    const std::uint64_t size = reader.u64();
    if (size > std::numeric_limits<std::size_t>::max() / 16 ||
        __builtin_mul_overflow(space.count, static_cast<std::size_t>(size), &space.count)) {
      return std::nullopt;
    }
    space.shape.push_back(static_cast<std::size_t>(size));
  }
  if (reader.failed()) return std::nullopt;
  return space;
}

// What is before the zeros or spaces that a text of fixed size is filled up with.
std::string unpadded(std::string_view text) {
  text = text.substr(0, text.find('\0'));
  const std::size_t last = text.find_last_not_of(' ');
  return std::string(text.substr(0, last == std::string_view::npos ? 0 : last + 1));
}

class Reader {
 public:
  explicit Reader(Bytes file) : file_(file) {}

  Result<Hdf5Object> read() {
    const Result<Address> root = root_address();
    if (!root) return root.error();
    return read_object({}, *root, 0);
  }

 private:
  Result<Address> root_address();
  Result<Hdf5Object> read_object(std::string name, Address address, int depth);
  Result<std::vector<Message>> messages_at(Address address);
  Status read_messages_1(Address address, std::vector<Message>& messages);
  Status read_messages_2(Address address, std::vector<Message>& messages);
  Status read_member(std::string name, Address address, int depth, Hdf5Object& group);
  Status read_link(Bytes data, int depth, Hdf5Object& group);
  Status read_symbol_table(Bytes data, int depth, Hdf5Object& group);
  Status read_tree(Address tree, Bytes names, std::uint32_t above, int depth, Hdf5Object& group);
  Status read_symbols(Address node, Bytes names, int depth, Hdf5Object& group);
  Result<Bytes> heap_of_names(Address address);
  Status read_attribute(const Message& message, Hdf5Object& object);
  std::optional<std::string> long_text(Bytes reference);
  Status read_array(std::span<const Message> messages, Hdf5Object& object);
  Status read_layout(Bytes data, Hdf5Array& array, std::size_t size);

  // A reader from there on; one that has failed where that is outside the file.
  [[nodiscard]] ByteReader at(Address address) const {
    ByteReader reader(file_);
    reader.skip(address);
    return reader;
  }
  [[nodiscard]] Status spend(std::size_t work) {
    if (work > left_)
      return bad_file("expected the groups of a network, found too many or endless");
    left_ -= work;
    return success();
  }
  Status cut_short(Address address) const {
    return bad_file("was cut short or is damaged: a part of it is not where it is told to be",
                    address);
  }

  Bytes file_;
  std::size_t left_ = kMostWork;
};

Result<Address> Reader::root_address() {
  ByteReader reader = at(kSignature.size());
  const std::uint8_t version = reader.u8();
  std::uint8_t offsets = 0, lengths = 0;
  if (version <= 1) {
    reader.skip(4);
    offsets = reader.u8(), lengths = reader.u8();
    reader.skip(version == 0 ? 9 : 13);
  } else {
    offsets = reader.u8(), lengths = reader.u8();
    reader.skip(1);
  }
  if (reader.failed() || version > 3 || offsets != 8 || lengths != 8) {
    return bad_file("expected an HDF5 file of version 0 to 3 with addresses of 8 bytes");
  }
  const Address base = reader.u64();
  reader.skip(8);  // of free space, or of an extension
  const Address end = reader.u64();
  if (version <= 1) reader.skip(16);  // of a driver, and of the name of the root
  const Address root = reader.u64();
  if (reader.failed() || base != 0) return bad_file("expected an HDF5 file that begins at once");
  if (end > file_.size()) {
    return bad_file("was cut short: expected " + std::to_string(end) + " bytes, found " +
                    std::to_string(file_.size()));
  }
  return root;
}

Result<Hdf5Object> Reader::read_object(std::string name, Address address, int depth) {
  if (depth > kMaxDepth) return bad_file("expected groups at most 32 deep, found deeper ones");
  if (Status s = spend(kWorkOfObject + name.size()); !s) return s.error();
  Result<std::vector<Message>> messages = messages_at(address);
  if (!messages) return messages.error();
  Hdf5Object object{.name = std::move(name)};
  for (const Message& message : *messages) {
    Status s = success();
    switch (static_cast<MessageType>(message.type)) {
      case MessageType::kAttribute:
        s = read_attribute(message, object);
        break;
      case MessageType::kLink:
        s = read_link(message.data, depth, object);
        break;
      case MessageType::kSymbolTable:
        s = read_symbol_table(message.data, depth, object);
        break;
      case MessageType::kLinkInfo: {
        ByteReader reader(message.data);
        reader.skip(1);
        if ((reader.u8() & 1) != 0) reader.skip(8);
        if (reader.u64() != kNowhere) {
          s = bad_file("expected groups as Keras writes them, found one with a heap of links",
                       address);
        }
        break;
      }
      default:
        break;
    }
    if (!s) return s.error();
  }
  if (Status s = read_array(*messages, object); !s) return s.error();
  return object;
}

Result<std::vector<Message>> Reader::messages_at(Address address) {
  std::vector<Message> messages;
  ByteReader reader = at(address);
  const bool is_second = reader.text(4) == "OHDR";
  if (Status s =
          is_second ? read_messages_2(address, messages) : read_messages_1(address, messages);
      !s) {
    return s.error();
  }
  return messages;
}

// Version 1: a block of messages, and others where its messages say so.
Status Reader::read_messages_1(Address address, std::vector<Message>& messages) {
  ByteReader header = at(address);
  const std::uint8_t version = header.u8();
  header.skip(7);
  const std::uint32_t size = header.u32();
  header.skip(4);
  std::vector<Bytes> blocks = {header.take(size)};
  if (header.failed()) return cut_short(address);
  if (version != 1) return bad_file("expected a group or an array", address);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    ByteReader block(blocks[i]);
    while (block.left() >= 8) {
      const std::uint16_t type = block.u16(), bytes = block.u16();
      const std::uint8_t flags = block.u8();
      block.skip(3);
      const Bytes data = block.take(bytes);
      if (block.failed()) return cut_short(address);
      if (Status s = spend(kWorkOfEntry + data.size()); !s) return s;
      messages.push_back({type, (flags & 2) != 0, data});
      if (type != static_cast<std::uint16_t>(MessageType::kContinuation)) continue;
      ByteReader place(data);
      ByteReader next = at(place.u64());
      blocks.push_back(next.take(place.u64()));
      if (next.failed() || place.failed()) return cut_short(address);
    }
  }
  return success();
}

// Version 2: likewise, each block with a mark before it and a checksum, which is passed over,
// after.
Status Reader::read_messages_2(Address address, std::vector<Message>& messages) {
  ByteReader header = at(address);
  header.skip(4);
  const std::uint8_t version = header.u8(), flags = header.u8();
  if (version != 2) return bad_file("expected a group or an array", address);
  header.skip((flags & 0x20) != 0 ? 16 : 0);
  header.skip((flags & 0x10) != 0 ? 4 : 0);
  std::vector<Bytes> blocks = {header.take(header.number(std::size_t{1} << (flags & 3)))};
  if (header.failed()) return cut_short(address);
  const std::size_t order = (flags & 4) != 0 ? 2 : 0;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    ByteReader block(blocks[i]);
    while (block.left() >= 4 + order) {
      const std::uint8_t type = block.u8();
      const std::uint16_t bytes = block.u16();
      const std::uint8_t shared = block.u8() & 2;
      block.skip(order);
      const Bytes data = block.take(bytes);
      if (block.failed()) return cut_short(address);
      if (Status s = spend(kWorkOfEntry + data.size()); !s) return s;
      messages.push_back({type, shared != 0, data});
      if (type != static_cast<std::uint16_t>(MessageType::kContinuation)) continue;
      ByteReader place(data);
      ByteReader next = at(place.u64());
      const std::uint64_t length = place.u64();
      if (next.text(4) != "OCHK" || length < 8 || place.failed()) return cut_short(address);
      blocks.push_back(next.take(length - 8));
      if (next.failed()) return cut_short(address);
    }
  }
  return success();
}

Status Reader::read_member(std::string name, Address address, int depth, Hdf5Object& group) {
  Result<Hdf5Object> member = read_object(std::move(name), address, depth + 1);
  if (!member) return member.error();
  group.members.push_back(*std::move(member));
  return success();
}

// A link in the object itself. Those that are not to an address of this file are passed over.
Status Reader::read_link(Bytes data, int depth, Hdf5Object& group) {
  ByteReader reader(data);
  const std::uint8_t version = reader.u8(), flags = reader.u8();
  const std::uint8_t type = (flags & 8) != 0 ? reader.u8() : 0;
  reader.skip((flags & 4) != 0 ? 8 : 0);
  reader.skip((flags & 0x10) != 0 ? 1 : 0);
  std::string name(reader.text(reader.number(std::size_t{1} << (flags & 3))));
  if (version != 1 || reader.failed()) return bad_file("expected a link of a group");
  if (type != 0) return success();
  const Address address = reader.u64();
  if (reader.failed()) return bad_file("expected the address of " + name);
  return read_member(std::move(name), address, depth, group);
}

Status Reader::read_symbol_table(Bytes data, int depth, Hdf5Object& group) {
  ByteReader reader(data);
  const Address tree = reader.u64(), heap = reader.u64();
  if (reader.failed()) return bad_file("expected the members of a group");
  const Result<Bytes> names = heap_of_names(heap);
  if (!names) return names.error();
  return read_tree(tree, *names, std::numeric_limits<std::uint32_t>::max(), depth, group);
}

Result<Bytes> Reader::heap_of_names(Address address) {
  ByteReader reader = at(address);
  const bool is_heap = reader.text(4) == "HEAP" && reader.u8() == 0;
  reader.skip(3);
  const std::uint64_t size = reader.u64();
  reader.skip(8);
  ByteReader data = at(reader.u64());
  const Bytes names = data.take(size);
  if (!is_heap || reader.failed() || data.failed()) {
    return bad_file("expected the names of a group's members", address);
  }
  return names;
}

// A node of a B-tree of symbols; `above` is the level of the one above.
Status Reader::read_tree(Address tree, Bytes names, std::uint32_t above, int depth,
                         Hdf5Object& group) {
  ByteReader reader = at(tree);
  const bool is_tree = reader.text(4) == "TREE" && reader.u8() == 0;
  const std::uint8_t level = reader.u8();
  const std::uint16_t entries = reader.u16();
  reader.skip(16 + 8);  // siblings, and the first key
  if (!is_tree || reader.failed() || level >= above) {
    return bad_file("expected a tree of a group's members", tree);
  }
  for (std::uint16_t i = 0; i < entries; ++i) {
    const Address child = reader.u64();
    reader.skip(8);
    if (reader.failed()) return cut_short(tree);
    if (Status s = spend(kWorkOfEntry); !s) return s;
    Status s = level == 0 ? read_symbols(child, names, depth, group)
                          : read_tree(child, names, level, depth, group);
    if (!s) return s;
  }
  return success();
}

Status Reader::read_symbols(Address node, Bytes names, int depth, Hdf5Object& group) {
  ByteReader reader = at(node);
  const bool is_node = reader.text(4) == "SNOD" && reader.u8() == 1;
  reader.skip(1);
  const std::uint16_t symbols = reader.u16();
  if (!is_node || reader.failed()) return bad_file("expected members of a group", node);
  for (std::uint16_t i = 0; i < symbols; ++i) {
    const std::uint64_t name_at = reader.u64();
    const Address address = reader.u64();
    const std::uint32_t kind = reader.u32();
    reader.skip(20);
    if (reader.failed() || name_at >= names.size()) return cut_short(node);
    if (kind == 2) continue;  // a link to a name
    const Bytes rest = names.subspan(static_cast<std::size_t>(name_at));
    const auto end = std::find(rest.begin(), rest.end(), std::byte{0});
    std::string name(reinterpret_cast<const char*>(rest.data()),
                     static_cast<std::size_t>(end - rest.begin()));
    if (Status s = spend(kWorkOfEntry); !s) return s;
    if (Status s = read_member(std::move(name), address, depth, group); !s) return s;
  }
  return success();
}

// Keeps attributes that are texts, or empty.
Status Reader::read_attribute(const Message& message, Hdf5Object& object) {
  ByteReader reader(message.data);
  const std::uint8_t version = reader.u8(), flags = reader.u8();
  const std::uint16_t name_size = reader.u16(), type_size = reader.u16(), space_size = reader.u16();
  if (message.is_shared || version < 1 || version > 3 || (version > 1 && flags != 0)) {
    return success();
  }
  reader.skip(version == 3 ? 1 : 0);
  const auto take = [&](std::uint16_t size) {
    const Bytes part = reader.take(size);
    if (version == 1) reader.align();
    return part;
  };
  const Bytes name_bytes = take(name_size), type_bytes = take(type_size);
  const std::optional<Dataspace> space = read_dataspace(take(space_size));
  if (reader.failed() || !space) return bad_file("expected an attribute of " + object.name);
  const Datatype type = read_datatype(type_bytes);
  const std::string name =
      unpadded({reinterpret_cast<const char*>(name_bytes.data()), name_bytes.size()});
  const bool is_text = type.kind == Datatype::Kind::kText || type.kind == Datatype::Kind::kLongText;
  if (space->count != 0 && !is_text) return success();
  if (Status s = spend(kWorkOfEntry + name.size()); !s) return s;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < space->count; ++i) {
    const Bytes element = reader.take(type.size);
    if (reader.failed()) return cut_short(message.data.data() - file_.data());
    if (Status s = spend(kWorkOfEntry + element.size()); !s) return s;
    if (type.kind == Datatype::Kind::kText) {
      texts.push_back(unpadded({reinterpret_cast<const char*>(element.data()), element.size()}));
      continue;
    }
    std::optional<std::string> text = long_text(element);
    if (!text) return bad_file("expected the text of the attribute " + name);
    texts.push_back(*std::move(text));
  }
  object.texts.insert_or_assign(name, std::move(texts));
  return success();
}

// A text of any size, which lies in a heap for the whole file.
std::optional<std::string> Reader::long_text(Bytes reference) {
  ByteReader reader(reference);
  const std::uint32_t length = reader.u32();
  const Address address = reader.u64();
  const std::uint32_t index = reader.u32();
  if (length == 0) return "";
  ByteReader heap = at(address);
  const bool is_heap = heap.text(4) == "GCOL" && heap.u8() == 1;
  heap.skip(3);
  const std::uint64_t size = heap.u64();
  if (!is_heap || heap.failed() || size < 16) return std::nullopt;
  ByteReader objects(heap.take(size - 16));
  while (objects.left() >= 16) {
    const std::uint16_t found = objects.u16();
    objects.skip(6);
    const std::uint64_t bytes = objects.u64();
    if (found == 0 || !spend(kWorkOfEntry)) return std::nullopt;
    if (found == index) {
      if (bytes < length || length > objects.left() || !spend(length)) return std::nullopt;
      return std::string(objects.text(length));
    }
    objects.skip(bytes);
    objects.align();
  }
  return std::nullopt;
}

Status Reader::read_array(std::span<const Message> messages, Hdf5Object& object) {
  const auto find = [&](MessageType type) {
    const auto found = std::find_if(messages.begin(), messages.end(), [&](const Message& m) {
      return m.type == static_cast<std::uint16_t>(type);
    });
    return found == messages.end() ? nullptr : &*found;
  };
  const Message *space = find(MessageType::kDataspace), *type = find(MessageType::kDatatype),
                *layout = find(MessageType::kLayout);
  if (layout == nullptr) return success();
  Hdf5Array& array = object.array.emplace();
  array.is_in_one_piece = false;
  if (space == nullptr || type == nullptr || space->is_shared || type->is_shared ||
      find(MessageType::kFilters) != nullptr) {
    return success();
  }
  const std::optional<Dataspace> shape = read_dataspace(space->data);
  if (!shape) return bad_file("expected the shape of the array " + object.name);
  array.shape = shape->shape;
  array.type = read_datatype(type->data).number;
  if (!array.type) return success();
  std::size_t size = 0;
  if (__builtin_mul_overflow(shape->count, bytes_per_element(*array.type), &size)) {
    return bad_file("expected the shape of the array " + object.name);
  }
  return read_layout(layout->data, array, size);
}

// Where the `size` bytes of an array are.
Status Reader::read_layout(Bytes data, Hdf5Array& array, std::size_t size) {
  ByteReader reader(data);
  const std::uint8_t version = reader.u8(), layout = reader.u8();
  if ((version != 3 && version != 4) || layout > 1) return success();
  if (layout == 0) {
    array.bytes = reader.take(reader.u16());
  } else {
    const Address address = reader.u64();
    const std::uint64_t length = reader.u64();
    ByteReader place = at(address == kNowhere && length == 0 ? 0 : address);
    array.bytes = place.take(length);
    if (place.failed()) return cut_short(address);
  }
  if (reader.failed() || array.bytes.size() != size) {
    return bad_file("expected an array of " + std::to_string(size) + " bytes, found " +
                    std::to_string(array.bytes.size()));
  }
  array.is_in_one_piece = true;
  return success();
}

}  // namespace

const Hdf5Object* Hdf5Object::find(std::string_view path) const {
  const Hdf5Object* object = this;
  while (object != nullptr && !path.empty()) {
    const std::string_view step = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), step.size() + 1));
    if (step.empty()) continue;
    const auto member = std::find_if(object->members.begin(), object->members.end(),
                                     [&](const Hdf5Object& m) { return m.name == step; });
    object = member == object->members.end() ? nullptr : &*member;
  }
  return object;
}

std::optional<std::vector<std::string>> Hdf5Object::text_list(const std::string& attribute) const {
  if (const auto found = texts.find(attribute); found != texts.end()) return found->second;
  std::optional<std::vector<std::string>> list;
  for (std::size_t part = 0;; ++part) {
    const auto found = texts.find(attribute + std::to_string(part));
    if (found == texts.end()) return list;
    if (!list) list.emplace();
    list->insert(list->end(), found->second.begin(), found->second.end());
  }
}

std::optional<std::string> Hdf5Object::text(std::string_view attribute) const {
  const auto found = texts.find(attribute);
  if (found == texts.end() || found->second.size() != 1) return std::nullopt;
  return found->second.front();
}

bool is_hdf5(Bytes file) {
  return file.size() >= kSignature.size() &&
         std::memcmp(file.data(), kSignature.data(), kSignature.size()) == 0;
}

Result<Hdf5Object> read_hdf5(Bytes file) {
  if (!is_hdf5(file)) return bad_file("expected an HDF5 file");
  return Reader(file).read();
}

}  // namespace lilt::exchange
