// Fields of structs (base/field.h) as options of a command.
#pragma once

#include <CLI/CLI.hpp>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/field.h"

namespace lilt::cli {

// "--top-k" for the field top_k.
[[nodiscard]] std::string option_name(std::string_view field);

// An option that is not spelled as its field: {"number", "-n,--number"}. Without a text the field
// is no option of the command.
struct Spelling {
  std::string_view field, option;
};

// The text with `library field` in such marks as the --option that it is here.
[[nodiscard]] std::string with_option_names(std::string_view text);

// The error as somebody reads it who typed options.
[[nodiscard]] std::string option_error_text(Error error);

// The text with line ends in place of spaces, so that its last line becomes lines that fit.
[[nodiscard]] std::string wrapped(std::string text);

// What help says of an option: its help, then, where there are any, notes in brackets, in lines.
// Brackets that are there already take them.
[[nodiscard]] std::string option_help(std::string_view help, const std::string& notes);
// Likewise of a field with its choices or bounds and its default.
[[nodiscard]] std::string field_help(const Field& field, const std::string& choices,
                                     const std::string& otherwise);

// Values to choose from, as a sentence lists them ("a4 or letter"), for shells to complete; others
// may be values as well.
void suggest(CLI::Option* option, const std::string& values);
[[nodiscard]] std::vector<std::string> suggestions_of(CLI::Option& option);

// Throws the error as one of the command line's, about an option.
[[noreturn]] void refuse(const std::string& option, const Error& error);

// What help calls a value of this kind.
template <class T>
[[nodiscard]] std::string value_label(const Field& field) {
  if (!field.value.empty()) return std::string(field.value);
  if constexpr (kIsOptional<T>) {
    return value_label<typename T::value_type>(field);
  } else if constexpr (kIsVector<T>) {
    return "LIST";
  } else if constexpr (WholeNumber<T>) {
    return "N";
  } else if constexpr (std::floating_point<T>) {
    return "X";
  } else if constexpr (std::same_as<T, std::string>) {
    return "TEXT";
  } else {
    return "NAME";
  }
}

// What a value of this kind may be: its choices, its bounds or nothing.
template <class T>
[[nodiscard]] std::string value_choices(const Field& field) {
  if constexpr (kIsOptional<T> || kIsVector<T>) {
    return value_choices<typename T::value_type>(field);
  } else if constexpr (Named<T> || std::same_as<T, bool>) {
    return expectation<T>(field);
  } else {
    const std::string bounds = bounds_text(field);
    return bounds.empty() ? bounds : bounds.substr(3);  // without "of "
  }
}

// Which names a value of this kind may be: "constant, cosine or step"; nothing of other kinds.
template <class T>
[[nodiscard]] std::string value_names() {
  if constexpr (kIsOptional<T> || kIsVector<T>) {
    return value_names<typename T::value_type>();
  } else if constexpr (Named<T>) {
    return alternatives<T>();
  } else {
    return {};
  }
}

// Adds a field as an option that writes to `value`, or a bool as a flag. What was typed is read,
// and its bounds are checked, while the command line is parsed. Nothing typed is refused: it was
// meant for something, such as by a script.
template <class T>
CLI::Option* add_field(CLI::App* command, const Field& field, T& value, std::string option = {}) {
  if (option.empty()) option = option_name(field.name);
  const std::string group(field.group.empty() ? "Options" : field.group);
  if constexpr (std::same_as<T, bool>) {
    return command->add_flag(option, value, field_help(field, "", ""))->group(group);
  } else {
    const auto read = [field, &value, option, example = value](const std::string& text) {
      Result<T> found = text.empty() ? Result<T>(bad_value(field, "something", text))
                                     : read_value<T>(field, text, example);
      if (!found) refuse(option, found.error());
      value = *std::move(found);
    };
    CLI::Option* added =
        command
            ->add_option_function<std::string>(
                option, read, field_help(field, value_choices<T>(field), value_text(value)))
            ->type_name(value_label<T>(field))
            ->group(group);
    suggest(added, value_names<T>());
    return kIsVector<T> ? added->join(',') : added;
  }
}

// Adds all fields of a struct.
template <class Struct>
void add_fields(CLI::App* command, Struct& options,
                std::initializer_list<Spelling> spellings = {}) {
  visit_fields(options, [&](const Field& field, auto& value) {
    std::string option = option_name(field.name);
    for (const Spelling& spelling : spellings) {
      if (spelling.field == field.name) option = spelling.option;
    }
    if (!option.empty()) add_field(command, field, value, option);
  });
}

// The names of the fields whose options were given.
template <class Struct>
[[nodiscard]] std::set<std::string> given_fields(const CLI::App& command) {
  std::set<std::string> given;
  for (const std::string& name : field_names<Struct>()) {
    const CLI::Option* option = command.get_option_no_throw(option_name(name));
    if (option == nullptr) option = command.get_option_no_throw(name);
    if (option != nullptr && option->count() > 0) given.insert(name);
  }
  return given;
}

}  // namespace lilt::cli
