// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* For the other end of a veth pair: without a program there, frames sent by XDP_TX vanish. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int spike_pass(struct xdp_md *ctx)
{
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
