# SPDX-License-Identifier: GPL-2.0-or-later
#
# A room is a library target with its own include directory. Its headers are reached as
# "room/header.hpp", and only by a target that names the room: an arrow that ARCHITECTURE.md does
# not have does not compile. Each include directory therefore holds one link, to one room.

add_library(pysup_flags INTERFACE)
target_compile_options(pysup_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual -Wformat=2 -Wundef -Wimplicit-fallthrough
  $<$<BOOL:${PYSUP_WERROR}>:-Werror>)
target_compile_definitions(pysup_flags INTERFACE
  _FILE_OFFSET_BITS=64 PYSUP_VERSION="${PROJECT_VERSION}")
if(PYSUP_SANITIZE)
  target_compile_options(pysup_flags INTERFACE
    -fsanitize=${PYSUP_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(pysup_flags INTERFACE -fsanitize=${PYSUP_SANITIZE})
endif()

# pysup_start_anywhere(TARGET): what maintainer scripts run must start while libstdc++ is
# half-installed, so only libc is shared. Sanitizers need the shared one.
function(pysup_start_anywhere target)
  if(NOT PYSUP_SANITIZE)
    target_link_options(${target} PRIVATE -static-libstdc++ -static-libgcc)
  endif()
endfunction()

# pysup_room(NAME SOURCES file... [USES room...] [LIBRARIES target...]), in the room's folder.
function(pysup_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  set(include "${PROJECT_BINARY_DIR}/include/${name}")
  file(MAKE_DIRECTORY "${include}")
  file(CREATE_LINK "${CMAKE_CURRENT_SOURCE_DIR}" "${include}/${name}" SYMBOLIC)
  list(TRANSFORM ROOM_USES PREPEND "pysup_")
  add_library(pysup_${name} STATIC ${ROOM_SOURCES})
  target_include_directories(pysup_${name} PUBLIC "${include}")
  target_link_libraries(pysup_${name} PUBLIC pysup_flags pysup_expected ${ROOM_USES}
                        PRIVATE ${ROOM_LIBRARIES})
endfunction()
