/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef SPIKE_PACKET_H
#define SPIKE_PACKET_H

#define IP_FRAGMENT_BITS 0x3fff	/* more fragments, or an offset */
#define IP_DONT_FRAGMENT 0x4000

struct tunnel_header {
	struct iphdr ip;
	struct udphdr udp;
};

static __always_inline __u16 fold(__u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* RFC 1624: a checksum after one 32-bit word changed. */
static __always_inline __u16 checksum_replace(__u16 check, __be32 from, __be32 to)
{
	__u32 sum = (__u16)~check;

	sum += (__u16)~(from & 0xffff);
	sum += (__u16)~(from >> 16);
	sum += to & 0xffff;
	sum += to >> 16;
	return fold(sum);
}

static __always_inline void tunnel_fill(struct tunnel_header *header, __u16 inner_bytes,
					__be32 from, __be32 to, __u32 hash, __u16 port)
{
	__u16 *half = (__u16 *)&header->ip;
	__u32 sum = 0;

	__builtin_memset(header, 0, sizeof(*header));
	header->ip.version = 4;
	header->ip.ihl = 5;
	header->ip.tot_len = bpf_htons(inner_bytes + SPIKE_TUNNEL_BYTES);
	header->ip.frag_off = bpf_htons(IP_DONT_FRAGMENT);
	header->ip.ttl = 64;
	header->ip.protocol = IPPROTO_UDP;
	header->ip.saddr = from;
	header->ip.daddr = to;
#pragma unroll
	for (int i = 0; i < 10; i++)
		sum += half[i];
	header->ip.check = fold(sum);
	header->udp.source = bpf_htons(SPIKE_SOURCE_PORT + (hash >> 26) % SPIKE_SOURCE_PORTS);
	header->udp.dest = bpf_htons(port);
	header->udp.len = bpf_htons(inner_bytes + sizeof(struct udphdr));
	/* A UDP checksum of 0 is allowed over IPv4; the inner packet carries its own. */
}

/* The same on every node; user space computes it too (FlowHash). */
static __always_inline __u32 flow_hash(const struct spike_flow *flow)
{
	__u64 x = (__u64)bpf_ntohl(flow->address) << 16 | bpf_ntohs(flow->port);

	x ^= x >> 33;
	x *= 0xff51afd7ed558ccdULL;
	x ^= x >> 33;
	x *= 0xc4ceb9fe1a85ec53ULL;
	x ^= x >> 33;
	return x;
}

/* An IPv4 TCP packet without options or fragments that lies whole in the frame. */
static __always_inline int whole_tcp(struct iphdr *ip, void *end)
{
	struct tcphdr *tcp = (void *)(ip + 1);
	__u16 bytes;

	if ((void *)(tcp + 1) > end)
		return 0;
	bytes = bpf_ntohs(ip->tot_len);
	return bytes >= sizeof(*ip) + sizeof(*tcp) && (void *)ip + bytes <= end && tcp->doff >= 5 &&
	       sizeof(*ip) + tcp->doff * 4 <= bytes;
}

#endif
