# SPDX-License-Identifier: MIT
add_library(protflow_flags INTERFACE)
target_compile_options(protflow_flags INTERFACE
	-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror -g)
target_compile_definitions(protflow_flags INTERFACE _GNU_SOURCE
	$<$<CONFIG:Debug>:PROTFLOW_DEBUG>)
if(PROTFLOW_SANITIZE)
	target_compile_options(protflow_flags INTERFACE
		-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
	target_link_options(protflow_flags INTERFACE -fsanitize=address,undefined)
endif()
