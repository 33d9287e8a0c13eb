# SPDX-License-Identifier: GPL-2.0-or-later
#
# Makes OUTPUT, a C++ source that holds the text of INPUT, for `cmake -P`.
file(READ "${INPUT}" text)
if(text MATCHES "\\)worker\"")
  message(FATAL_ERROR "${INPUT} holds what ends a raw string here")
endif()
file(WRITE "${OUTPUT}"
  "#include \"bytecode/worker_program.hpp\"\n\n"
  "namespace pysup::bytecode {\n\n"
  "const std::string_view worker_program = R\"worker(${text})worker\";\n\n"
  "} // namespace pysup::bytecode\n")
