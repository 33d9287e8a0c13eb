// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/bytecode_file.hpp"

#include "bytecode/normal_form.hpp"

namespace pysup::bytecode {

tl::expected<BytecodeFile, CompileError> bytecode_file(Version version, const Header& header,
                                                       std::string_view code) {
  BytecodeFile file{encode_header(version, header), header_size(version), std::nullopt};
  const auto normal = normalize(version, code);
  if (normal) {
    file.bytes += *normal;
    return file;
  }
  if (normal.error().kind == MarshalError::Kind::invalid) {
    return tl::unexpected(CompileError{
        .kind = CompileError::Kind::interpreter,
        .message = "the interpreter gave code that does not unmarshal: " + normal.error().message});
  }
  file.bytes += code;
  file.not_normal = normal.error().message;
  return file;
}

unsigned bytecode_permissions(Version version, const os::FileInfo& source) {
  return version.major < 3 ? 0666U : (source.mode | 0200U) & 0666U;
}

} // namespace pysup::bytecode
