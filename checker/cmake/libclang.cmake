# SPDX-License-Identifier: MIT
# libclang: 22 by default, 19 the floor. The C API below 19 cannot tell which
# operator an expression has, so nothing older can work.
if(PROTFLOW_LLVM)
	set(candidates ${PROTFLOW_LLVM})
else()
	set(candidates 22 23 24 25 21 20 19)
endif()
set(PROTFLOW_LIBCLANG)
foreach(v ${candidates})
	if(v LESS 19)
		message(FATAL_ERROR "libclang ${v} is too old: protflow needs 19 or newer. "
			"Install the package libclang-22-dev.")
	endif()
	find_path(PROTFLOW_CLANG_INCLUDE_${v} clang-c/Index.h
		PATHS /usr/lib/llvm-${v}/include NO_DEFAULT_PATH)
	find_library(PROTFLOW_CLANG_LIB_${v} NAMES clang-${v} clang
		PATHS /usr/lib/llvm-${v}/lib NO_DEFAULT_PATH)
	if(PROTFLOW_CLANG_INCLUDE_${v} AND PROTFLOW_CLANG_LIB_${v})
		set(PROTFLOW_LIBCLANG ${v})
		break()
	endif()
endforeach()
if(NOT PROTFLOW_LIBCLANG AND PROTFLOW_LLVM)
	message(FATAL_ERROR "libclang ${PROTFLOW_LLVM} was not found. "
		"Install the package libclang-${PROTFLOW_LLVM}-dev.")
elseif(NOT PROTFLOW_LIBCLANG)
	message(FATAL_ERROR "libclang was not found: protflow needs version 19 or newer, 22 by default. "
		"Install the package libclang-22-dev (or libclang-19-dev).")
endif()
message(STATUS "libclang ${PROTFLOW_LIBCLANG}: ${PROTFLOW_CLANG_LIB_${PROTFLOW_LIBCLANG}}")
add_library(protflow_libclang INTERFACE)
target_include_directories(protflow_libclang SYSTEM INTERFACE
	${PROTFLOW_CLANG_INCLUDE_${PROTFLOW_LIBCLANG}})
target_link_libraries(protflow_libclang INTERFACE ${PROTFLOW_CLANG_LIB_${PROTFLOW_LIBCLANG}})
target_compile_definitions(protflow_libclang INTERFACE PROTFLOW_LIBCLANG=${PROTFLOW_LIBCLANG})
