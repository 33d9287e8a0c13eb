// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/code_layout.hpp"

#include <array>

namespace pysup::bytecode {
namespace {

// code, consts, names, varnames, freevars, cellvars, filename, name, [first line], lnotab
constexpr std::array objects_2_7 = {
    FieldRole::bytes, FieldRole::tuple, FieldRole::names, FieldRole::names, FieldRole::names,
    FieldRole::names, FieldRole::name,  FieldRole::name,  FieldRole::bytes,
};

// code, consts, names, localsplusnames, localspluskinds, filename, name, qualname, [first line],
// linetable, exceptiontable
constexpr std::array objects_3_11 = {
    FieldRole::bytes, FieldRole::tuple, FieldRole::names, FieldRole::names, FieldRole::bytes,
    FieldRole::name,  FieldRole::name,  FieldRole::name,  FieldRole::bytes, FieldRole::bytes,
};

} // namespace

// argcount, nlocals, stacksize, flags
const CodeLayout code_layout_2_7 = {.numbers = 4,
                                    .objects = objects_2_7,
                                    .objects_before_line = 8,
                                    .not_negative = 2,
                                    .has_argument_kinds = false,
                                    .flags = 3};

// argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize, flags
const CodeLayout code_layout_3_8 = {
    .numbers = 6, .objects = objects_2_7, .objects_before_line = 8, .not_negative = 6, .flags = 5};

// argcount, posonlyargcount, kwonlyargcount, stacksize, flags
const CodeLayout code_layout_3_11 = {.numbers = 5,
                                     .objects = objects_3_11,
                                     .objects_before_line = 8,
                                     .not_negative = 5,
                                     .flags = 4,
                                     .variable_kinds = 4};

} // namespace pysup::bytecode
