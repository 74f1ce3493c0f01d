/* SPDX-License-Identifier: MIT */
#ifndef LINUX_KCONFIG_H
#define LINUX_KCONFIG_H
#define CONFIG_BOX 1
#endif
