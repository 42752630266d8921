/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real server program behind nginx with TLS, as build-aux/demo-server starts it. */
#pragma once

#include "bench/bench-device.h"

G_BEGIN_DECLS

typedef struct
{
  GSubprocess *process; /* (owned) */
  BenchAddress address;
} BenchServer;

/* @data: made by bench_world_init(); @prefix: an empty folder for sockets, logs and certificates. */
void bench_server_start (BenchServer *self, const char *data, const char *prefix);
void bench_server_stop (BenchServer *self);

/* Bytes that went through the open TCP connections of this process, TLS included. */
gint64 bench_count_network_bytes (void);

G_END_DECLS
