// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The connection router: decides at the SYN, in the driver, whether this node
 * takes a connection, hands it to a peer, or lets the client ask again.
 * What it does not understand passes untouched; every drop has a counter.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/pkt_cls.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#ifndef NULL
#define NULL ((void *)0)
#endif

#include "spike_router.h"
#include "maps.h"
#include "packet.h"

#define AF_INET 2
#define SECOND 1000000000ULL
#define TCP_ESTABLISHED 1
#define TCP_TIME_WAIT 6
#define TCP_LISTEN 10

struct sock {
	__u32 sk_ack_backlog;
} __attribute__((preserve_access_index));

enum admission {
	ADMIT = -1,	/* else the counter of the deferral it would lead to */
};

static __always_inline int stale(__u64 now, __u64 heartbeat, __u64 fresh_nanos)
{
	return !heartbeat || (__s64)(now - heartbeat) > (__s64)fresh_nanos;
}

static __always_inline void lookup_tuple(struct bpf_sock_tuple *tuple, struct iphdr *ip,
					 struct tcphdr *tcp, __be32 self)
{
	__builtin_memset(tuple, 0, sizeof(*tuple));
	tuple->ipv4.saddr = ip->saddr;
	tuple->ipv4.daddr = self;
	tuple->ipv4.sport = tcp->source;
	tuple->ipv4.dport = tcp->dest;
}

/* Is there a connection (or one being made) of exactly this flow on this node? */
static __always_inline int socket_exists(struct xdp_md *ctx, struct iphdr *ip, struct tcphdr *tcp,
					 __be32 self, int cookies)
{
	struct bpf_sock_tuple tuple;
	struct bpf_sock *sock;
	int found;

	lookup_tuple(&tuple, ip, tcp, self);
	sock = bpf_skc_lookup_tcp(ctx, &tuple, sizeof(tuple.ipv4), BPF_F_CURRENT_NETNS, 0);
	if (!sock)
		return 0;
	found = sock->state != TCP_LISTEN && sock->state != TCP_TIME_WAIT;
	if (sock->state == TCP_LISTEN && cookies)
		found = !bpf_tcp_check_syncookie(sock, ip, sizeof(*ip), tcp, sizeof(*tcp));
	bpf_sk_release(sock);
	return found;
}

/* The listener's live accept queue, or -1 when nobody listens. */
static __always_inline __s64 accept_queue(struct xdp_md *ctx, struct iphdr *ip, struct tcphdr *tcp,
					  __be32 self)
{
	struct bpf_sock_tuple tuple;
	struct bpf_sock *sock;
	struct sock *listener;
	__s64 queued = -1;

	lookup_tuple(&tuple, ip, tcp, self);
	sock = bpf_skc_lookup_tcp(ctx, &tuple, sizeof(tuple.ipv4), BPF_F_CURRENT_NETNS, 0);
	if (!sock)
		return -1;
	if (sock->state == TCP_LISTEN) {
		listener = (struct sock *)bpf_skc_to_tcp_sock(sock);
		if (listener)
			queued = listener->sk_ack_backlog;
	} else {
		queued = 0; /* a flow that is being made already: TCP knows what to do */
	}
	bpf_sk_release(sock);
	return queued;
}

/* GCRA over one shared word; when four others won the race the SYN goes through. */
static __always_inline int take_token(struct spike_state *st, const struct spike_config *cfg,
				      __u64 now)
{
#pragma unroll
	for (int i = 0; i < 4; i++) {
		__u64 old = *(volatile __u64 *)&st->bucket_arrival_nanos;
		__u64 next = ((__s64)(old - now) > 0 ? old : now) + cfg->token_interval_nanos;

		if (next - now > cfg->token_burst_nanos)
			return 0;
		if (__sync_val_compare_and_swap(&st->bucket_arrival_nanos, old, next) == old)
			return 1;
	}
	return 1;
}

/* Rung 1. */
static __always_inline int admission(struct xdp_md *ctx, struct iphdr *ip, struct tcphdr *tcp,
				     const struct spike_config *cfg, struct spike_state *st,
				     __u64 now)
{
	__s64 queued;

	if (cfg->mode == SPIKE_MODE_FORWARD_ALL)
		return SPIKE_DEFER_FORWARD_ALL;
	if ((cfg->flags & SPIKE_FLAG_DRAINING) || word(&load, SPIKE_LOAD_DRAINING))
		return SPIKE_DEFER_DRAINING;
	if (stale(now, word(&load, SPIKE_LOAD_HEARTBEAT), cfg->runtime_fresh_nanos))
		return SPIKE_DEFER_RUNTIME_STALE;
	if (word(&load, SPIKE_LOAD_HANDSHAKES) >= cfg->handshake_queue_max)
		return SPIKE_DEFER_HANDSHAKES;
	queued = accept_queue(ctx, ip, tcp, cfg->self_address);
	if (queued < 0)
		return SPIKE_DEFER_NO_LISTENER;
	if (queued >= cfg->accept_queue_max ||
	    word(&load, SPIKE_LOAD_ACCEPT_QUEUE) >= cfg->accept_queue_max)
		return SPIKE_DEFER_ACCEPT_QUEUE;
	if (!take_token(st, cfg, now))
		return SPIKE_DEFER_BUCKET;
	return ADMIT;
}

static __always_inline struct spike_peer *usable(__u32 id, const struct spike_config *cfg)
{
	struct spike_peer *peer;

	if (id == cfg->self_id)
		return NULL;
	peer = peer_of(id);
	if (!peer || peer->state != (SPIKE_PEER_ALIVE | SPIKE_PEER_REACHABLE))
		return NULL;
	return peer;
}

static __always_inline struct spike_row *row_of(__u32 hash)
{
	__u32 zero = 0, key = hash % SPIKE_ROWS;
	void *table = bpf_map_lookup_elem(&ring, &zero);

	return table ? bpf_map_lookup_elem(table, &key) : NULL;
}

/* Rung 2: the less loaded of the two candidates that have room; 0 when none has. */
static __always_inline __u32 choose_peer(__u32 hash, const struct spike_config *cfg)
{
	struct spike_row *row = row_of(hash);
	struct spike_peer *first, *second;

	if (!row)
		return 0;
	first = usable(row->first, cfg);
	if (first && first->load >= cfg->peer_load_max)
		first = NULL;
	second = usable(row->second, cfg);
	if (second && second->load >= cfg->peer_load_max)
		second = NULL;
	if (first && second)
		return first->load <= second->load ? row->first : row->second;
	return first ? row->first : second ? row->second : 0;
}

/* Puts the packet into the tunnel to a peer and sends it out of the same interface. */
static __always_inline int forward(struct xdp_md *ctx, const struct spike_config *cfg,
				   const struct spike_peer *peer, __u16 bytes, __u32 hash,
				   __u32 counter)
{
	struct tunnel_header *tunnel;
	struct ethhdr *eth;
	void *end;

	asm volatile("" : "+r"(ctx));
	if (bpf_xdp_adjust_head(ctx, -SPIKE_TUNNEL_BYTES)) {
		count(SPIKE_DROP_HEADROOM);
		return XDP_DROP;
	}
	eth = (void *)(long)ctx->data;
	end = (void *)(long)ctx->data_end;
	tunnel = (void *)(eth + 1);
	if ((void *)(tunnel + 1) > end) {
		count(SPIKE_DROP_HEADROOM);
		return XDP_DROP;
	}
	__builtin_memcpy(eth->h_dest, peer->next_hop, ETH_ALEN);
	__builtin_memcpy(eth->h_source, cfg->self_mac, ETH_ALEN);
	eth->h_proto = bpf_htons(ETH_P_IP);
	tunnel_fill(tunnel, bytes, cfg->self_address, peer->address, hash, SPIKE_PORT_FORWARD);
	count(counter);
	return XDP_TX;
}

/* A local accept ends the stale memory of an anchor, or meets a live flow of one. */
static __always_inline int accept_locally(struct xdp_md *ctx, struct iphdr *ip, struct tcphdr *tcp,
					  const struct spike_config *cfg,
					  const struct spike_flow *flow, __u32 counter)
{
	if (bpf_map_lookup_elem(&anchors, flow)) {
		if (socket_exists(ctx, ip, tcp, cfg->self_address, 0)) {
			count(SPIKE_DROP_ANCHOR_CLASH);
			return XDP_DROP;
		}
		bpf_map_delete_elem(&anchors, flow);
		count(SPIKE_ANCHOR_REPLACED);
	}
	count(counter);
	return XDP_PASS;
}

/*
 * Deferring is bounded: when for defer_nanos_max SYNs came and rung 1 accepted
 * none of them, what says "full" is not believed any longer.
 */
static __always_inline int saturated_too_long(struct spike_state *st,
					      const struct spike_config *cfg, __u64 now)
{
	__u64 since = st->saturated_since_nanos;

	if (!since || now - st->deferred_last_nanos > cfg->defer_nanos_max) {
		since = now;
		st->saturated_since_nanos = now;
	}
	st->deferred_last_nanos = now;
	return now - since > cfg->defer_nanos_max;
}

static __always_inline int ladder(struct xdp_md *ctx, struct iphdr *ip, struct tcphdr *tcp,
				  const struct spike_config *cfg, const struct spike_flow *flow,
				  __u32 hash)
{
	__u64 now = bpf_ktime_get_ns();
	struct spike_pin pin = {};
	struct spike_peer *peer;
	struct spike_state *st;
	__u32 zero = 0, id;
	int refusal, capped;

	st = bpf_map_lookup_elem(&state, &zero);
	if (!st || stale(now, word(&agent, SPIKE_AGENT_HEARTBEAT), cfg->agent_fresh_nanos))
		return accept_locally(ctx, ip, tcp, cfg, flow, SPIKE_LOCAL_FAIL_OPEN);
	if (word(&agent, SPIKE_AGENT_OFF))
		return accept_locally(ctx, ip, tcp, cfg, flow, SPIKE_LOCAL_OFF);
	if (st->forward_credit < 256 * 1024)
		__sync_fetch_and_add(&st->forward_credit, cfg->forward_share);

	refusal = admission(ctx, ip, tcp, cfg, st, now);
	if (refusal == ADMIT) {
		st->saturated_since_nanos = 0;
		return accept_locally(ctx, ip, tcp, cfg, flow, SPIKE_LOCAL);
	}

	/* The share protects the peers from a busy node; one that cannot serve at all is exempt. */
	capped = refusal == SPIKE_DEFER_BUCKET || refusal == SPIKE_DEFER_HANDSHAKES ||
		 refusal == SPIKE_DEFER_ACCEPT_QUEUE;
	if (capped && st->forward_credit < 1024) {
		count(SPIKE_FORWARD_SHARE_SPENT);
	} else if (cfg->flags & SPIKE_FLAG_GATEWAY_KNOWN) {
		id = choose_peer(hash, cfg);
		peer = peer_of(id);
		if (!peer) {
			count(SPIKE_NO_ROOM);
		} else {
			pin.peer = id;
			pin.seen_seconds = now / SECOND;
			if (!bpf_map_update_elem(&pins, flow, &pin, BPF_ANY)) {
				__sync_fetch_and_add(&st->pins_inserted, 1);
				if (capped)
					__sync_fetch_and_add(&st->forward_credit, -1024);
				return forward(ctx, cfg, peer, bpf_ntohs(ip->tot_len), hash,
					       SPIKE_SYN_FORWARDED);
			}
			count(SPIKE_PIN_NOT_KEPT);
		}
	} else {
		count(SPIKE_NO_ROOM);
	}

	if (saturated_too_long(st, cfg, now))
		return accept_locally(ctx, ip, tcp, cfg, flow, SPIKE_LOCAL_BOUND);
	count(refusal);
	return XDP_DROP;
}

/* A packet to the service that did not come through a tunnel. */
static __always_inline int service_packet(struct xdp_md *ctx, struct iphdr *ip,
					  const struct spike_config *cfg)
{
	struct tcphdr *tcp = (void *)(ip + 1);
	struct spike_flow flow = { .address = ip->saddr, .port = tcp->source };
	int syn = tcp->syn && !tcp->ack;
	__u32 hash = flow_hash(&flow), zero = 0, seconds;
	struct spike_state *st;
	struct spike_peer *peer;
	struct spike_pin *pin;
	struct spike_row *row;

	pin = bpf_map_lookup_elem(&pins, &flow);
	if (pin) {
		peer = peer_of(pin->peer);
		if (syn && (!usable(pin->peer, cfg) || (pin->flags & SPIKE_PIN_CLOSED))) {
			/* A new connection from a port used before: it may go elsewhere. */
			bpf_map_delete_elem(&pins, &flow);
			count(SPIKE_PIN_DROPPED);
			return ladder(ctx, ip, tcp, cfg, &flow, hash);
		}
		if (!peer || !(peer->state & SPIKE_PEER_REACHABLE)) {
			count(SPIKE_DROP_PEER_DEAD);
			return XDP_DROP;
		}
		seconds = bpf_ktime_get_coarse_ns() / SECOND;
		if (pin->seen_seconds != seconds)
			pin->seen_seconds = seconds;
		if (tcp->rst || tcp->fin)
			pin->flags |= SPIKE_PIN_CLOSED;
		return forward(ctx, cfg, peer, bpf_ntohs(ip->tot_len), hash,
			       SPIKE_PINNED_FORWARDED);
	}
	if (syn)
		return ladder(ctx, ip, tcp, cfg, &flow, hash);

	/* Only when the table of pins may have lost some is a packet of a local flow looked at. */
	st = bpf_map_lookup_elem(&state, &zero);
	if (!st || st->pins_inserted < cfg->pins_max / 2 ||
	    socket_exists(ctx, ip, tcp, cfg->self_address, 1)) {
		count(SPIKE_LOCAL_PACKET);
		return XDP_PASS;
	}
	row = row_of(hash);
	peer = row ? usable(row->first, cfg) : NULL;
	if (!peer || !(cfg->flags & SPIKE_FLAG_GATEWAY_KNOWN)) {
		count(SPIKE_LOCAL_PACKET);
		return XDP_PASS;
	}
	return forward(ctx, cfg, peer, bpf_ntohs(ip->tot_len), hash, SPIKE_GUESS_FORWARDED);
}

/* Remembers the anchor of a flow; false when another anchor's live flow holds the place. */
static __always_inline int remember_anchor(struct xdp_md *ctx, struct iphdr *ip,
					   struct tcphdr *tcp, const struct spike_config *cfg,
					   __be32 from)
{
	struct spike_flow flow = { .address = ip->saddr, .port = tcp->source };
	struct spike_anchor fresh = {
		.address = from,
		.seen_seconds = bpf_ktime_get_coarse_ns() / SECOND,
	};
	struct spike_anchor *known = bpf_map_lookup_elem(&anchors, &flow);

	if (!known) {
		/*
		 * A connection that came here directly has no entry: the SYN of another one
		 * through an anchor must not capture its replies. Other packets may enter:
		 * their entry was there once and was evicted.
		 */
		if (tcp->syn && !tcp->ack && socket_exists(ctx, ip, tcp, cfg->self_address, 0))
			return 0;
		if (!bpf_map_update_elem(&anchors, &flow, &fresh, BPF_NOEXIST))
			return 1;
		known = bpf_map_lookup_elem(&anchors, &flow);
		if (!known)
			return 0;
	}
	if (known->address == from) {
		if (known->seen_seconds != fresh.seen_seconds)
			known->seen_seconds = fresh.seen_seconds;
		return 1;
	}
	if (!tcp->syn || tcp->ack || socket_exists(ctx, ip, tcp, cfg->self_address, 0))
		return 0;
	count(SPIKE_ANCHOR_REPLACED);
	return !bpf_map_update_elem(&anchors, &flow, &fresh, BPF_ANY);
}

/* A tunnel packet from another node; its checks are done before a byte is changed. */
static __always_inline int tunnel_packet(struct xdp_md *ctx, struct iphdr *outer,
					 const struct spike_config *cfg, int reply)
{
	void *end = (void *)(long)ctx->data_end;
	struct iphdr *inner = (void *)outer + SPIKE_TUNNEL_BYTES;
	struct udphdr *udp = (void *)(outer + 1);
	struct ethhdr *eth, saved;
	struct tcphdr *tcp;
	__be32 from = outer->saddr;

	if (!bpf_map_lookup_elem(&peer_addresses, &from)) {
		count(SPIKE_DROP_UNKNOWN_PEER);
		return XDP_DROP;
	}
	if ((void *)(inner + 1) > end || inner->version != 4 || inner->ihl != 5 ||
	    inner->protocol != IPPROTO_TCP || (inner->frag_off & bpf_htons(IP_FRAGMENT_BITS)) ||
	    bpf_ntohs(udp->len) != bpf_ntohs(inner->tot_len) + sizeof(*udp) ||
	    !whole_tcp(inner, end)) {
		count(SPIKE_DROP_MALFORMED);
		return XDP_DROP;
	}
	tcp = (void *)(inner + 1);
	if ((void *)(tcp + 1) > end)
		return XDP_DROP;
	if (reply) {
		if (inner->saddr != cfg->self_address || tcp->source != cfg->service_port) {
			count(SPIKE_DROP_INNER_SOURCE);
			return XDP_DROP;
		}
		if (!(cfg->flags & SPIKE_FLAG_GATEWAY_KNOWN)) {
			count(SPIKE_DROP_NO_GATEWAY);
			return XDP_DROP;
		}
	} else {
		if (inner->daddr != from || tcp->dest != cfg->service_port) {
			count(SPIKE_DROP_INNER_DESTINATION);
			return XDP_DROP;
		}
		if (!remember_anchor(ctx, inner, tcp, cfg, from)) {
			count(SPIKE_DROP_ANCHOR_CLASH);
			return XDP_DROP;
		}
	}

	asm volatile("" : "+r"(ctx));
	eth = (void *)(long)ctx->data;
	end = (void *)(long)ctx->data_end;
	if ((void *)(eth + 1) > end)
		return XDP_DROP;
	saved = *eth;
	if (bpf_xdp_adjust_head(ctx, SPIKE_TUNNEL_BYTES)) {
		count(SPIKE_DROP_HEADROOM);
		return XDP_DROP;
	}
	eth = (void *)(long)ctx->data;
	end = (void *)(long)ctx->data_end;
	inner = (void *)(eth + 1);
	tcp = (void *)(inner + 1);
	if ((void *)(tcp + 1) > end) {
		count(SPIKE_DROP_HEADROOM);
		return XDP_DROP;
	}
	*eth = saved;
	if (reply) {
		__builtin_memcpy(eth->h_dest, cfg->gateway_mac, ETH_ALEN);
		__builtin_memcpy(eth->h_source, cfg->self_mac, ETH_ALEN);
		count(SPIKE_REPLY_RELAYED);
		return XDP_TX;
	}
	tcp->check = checksum_replace(tcp->check, inner->daddr, cfg->self_address);
	inner->check = checksum_replace(inner->check, inner->daddr, cfg->self_address);
	inner->daddr = cfg->self_address;
	count(SPIKE_DECAPSULATED);
	return XDP_PASS;
}

SEC("xdp")
int spike_router(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct spike_config *cfg = active_config();
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	struct udphdr *udp;
	struct tcphdr *tcp;

	if (!cfg || (void *)(ip + 1) > end || eth->h_proto != bpf_htons(ETH_P_IP) ||
	    ip->version != 4 || ip->daddr != cfg->self_address)
		return XDP_PASS;
	if (ip->protocol != IPPROTO_TCP && ip->protocol != IPPROTO_UDP)
		return XDP_PASS;
	if (ip->ihl != 5) {
		count(SPIKE_PASS_OPTIONS);
		return XDP_PASS;
	}
	if (ip->frag_off & bpf_htons(IP_FRAGMENT_BITS)) {
		count(SPIKE_PASS_FRAGMENT);
		return XDP_PASS;
	}
	if (ip->protocol == IPPROTO_TCP) {
		tcp = (void *)(ip + 1);
		if ((void *)(tcp + 1) > end || tcp->dest != cfg->service_port ||
		    !whole_tcp(ip, end))
			return XDP_PASS;
		return service_packet(ctx, ip, cfg);
	}
	udp = (void *)(ip + 1);
	if ((void *)(udp + 1) > end)
		return XDP_PASS;
	if (udp->dest == bpf_htons(SPIKE_PORT_FORWARD))
		return tunnel_packet(ctx, ip, cfg, 0);
	if (udp->dest == bpf_htons(SPIKE_PORT_REPLY))
		return tunnel_packet(ctx, ip, cfg, 1);
	return XDP_PASS;
}

/* On the peer: replies of forwarded flows go back through their anchor. */
SEC("tc")
int spike_egress(struct __sk_buff *skb)
{
	struct spike_config *cfg = active_config();
	struct spike_anchor *anchor;
	struct tunnel_header tunnel;
	struct spike_flow flow = {};
	struct tcphdr *tcp;
	struct ethhdr *eth;
	struct iphdr *ip;
	__be32 self, to;
	__u32 room, segments;
	void *end;

	if (!cfg || skb->protocol != bpf_htons(ETH_P_IP))
		return TC_ACT_OK;
	if (bpf_skb_pull_data(skb, sizeof(*eth) + sizeof(*ip) + sizeof(*tcp)))
		return TC_ACT_OK;
	eth = (void *)(long)skb->data;
	end = (void *)(long)skb->data_end;
	ip = (void *)(eth + 1);
	tcp = (void *)(ip + 1);
	if ((void *)(tcp + 1) > end || eth->h_proto != bpf_htons(ETH_P_IP) || ip->version != 4 ||
	    ip->ihl != 5 || ip->protocol != IPPROTO_TCP || ip->saddr != cfg->self_address ||
	    (ip->frag_off & bpf_htons(IP_FRAGMENT_BITS)) || tcp->source != cfg->service_port)
		return TC_ACT_OK;
	flow.address = ip->daddr;
	flow.port = tcp->dest;
	anchor = bpf_map_lookup_elem(&anchors, &flow);
	if (!anchor)
		return TC_ACT_OK;
	self = cfg->self_address;
	to = anchor->address;
	/* One buffer may be many packets: the stack cuts it after this program. */
	segments = skb->gso_segs > 1 ? skb->gso_segs : 1;
	if (segments > 1)
		count(SPIKE_EGRESS_SEGMENTED);
	if (bpf_l4_csum_replace(skb, ETH_HLEN + sizeof(*ip) + offsetof(struct tcphdr, check), self,
				to, BPF_F_PSEUDO_HDR | sizeof(self)) ||
	    bpf_l3_csum_replace(skb, ETH_HLEN + offsetof(struct iphdr, check), self, to,
				sizeof(self)) ||
	    bpf_skb_store_bytes(skb, ETH_HLEN + offsetof(struct iphdr, saddr), &to, sizeof(to), 0))
		goto drop;
	room = SPIKE_TUNNEL_BYTES;
	if (bpf_skb_adjust_room(skb, room, BPF_ADJ_ROOM_MAC,
				BPF_F_ADJ_ROOM_FIXED_GSO | BPF_F_ADJ_ROOM_ENCAP_L3_IPV4 |
					BPF_F_ADJ_ROOM_ENCAP_L4_UDP))
		goto drop;
	tunnel_fill(&tunnel, skb->len - ETH_HLEN - room, self, to, flow_hash(&flow),
		    SPIKE_PORT_REPLY);
	if (bpf_skb_store_bytes(skb, ETH_HLEN, &tunnel, sizeof(tunnel), 0))
		goto drop;
	count_many(SPIKE_REPLY_ENCAPSULATED, segments);
	/* Without a given next hop the kernel routes by the outer destination. */
	return bpf_redirect_neigh(skb->ifindex, NULL, 0, 0);
drop:
	count(SPIKE_DROP_EGRESS);
	return TC_ACT_SHOT;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
