# SPDX-License-Identifier: BSD-2-Clause
# CMake toolchain file: cmake -DCMAKE_TOOLCHAIN_FILE=PREFIX/share/unik/unik.cmake
# UNIK_ARCH chooses among the installed architectures; without it the one of unik-cc is taken.

get_filename_component(_unik_prefix "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES UNIK_ARCH)
if(NOT UNIK_ARCH)
  execute_process(COMMAND "${_unik_prefix}/bin/unik-cc" -dumpmachine
                  OUTPUT_VARIABLE UNIK_ARCH OUTPUT_STRIP_TRAILING_WHITESPACE)
  string(REGEX REPLACE "-unik$" "" UNIK_ARCH "${UNIK_ARCH}")
endif()

set(CMAKE_SYSTEM_NAME Unik)
set(CMAKE_SYSTEM_PROCESSOR "${UNIK_ARCH}")
list(APPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}/cmake")

set(_unik_tool "${_unik_prefix}/bin/${UNIK_ARCH}-unik-")
set(CMAKE_C_COMPILER "${_unik_tool}cc")
set(CMAKE_CXX_COMPILER "${_unik_tool}c++")
set(CMAKE_ASM_COMPILER "${_unik_tool}cc")
foreach(_tool AR RANLIB NM STRIP OBJCOPY OBJDUMP)
  string(TOLOWER "${_tool}" _name)
  set(CMAKE_${_tool} "${_unik_tool}${_name}" CACHE FILEPATH "")
endforeach()

# Libraries and headers are libunik's or named by the user; programs are this machine's.
list(APPEND CMAKE_FIND_ROOT_PATH "${_unik_prefix}/${UNIK_ARCH}-unik")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

# A test program is started with: cmake --build . --target test
set(CMAKE_CROSSCOMPILING_EMULATOR "${_unik_prefix}/bin/unik;run")
