/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What the router's programs and its user space agree on: map layouts, sizes,
 * counters. The Java side mirrors it in RouterLayout, and a test compares both.
 *
 * A change of any struct, map size, map type or meaning raises SPIKE_LAYOUT:
 * an upgrade over pinned maps of another layout is refused.
 */
#ifndef SPIKE_ROUTER_H
#define SPIKE_ROUTER_H

#define SPIKE_LAYOUT 2

/* Tunnel: GUE variant 1 (an IPv4 packet right behind the UDP header). */
#define SPIKE_PORT_FORWARD 6080	/* anchor -> peer */
#define SPIKE_PORT_REPLY 6081	/* peer -> anchor */
#define SPIKE_SOURCE_PORT 40000	/* 64 source ports spread a pair's flows over queues */
#define SPIKE_SOURCE_PORTS 64
#define SPIKE_TUNNEL_BYTES 28

#define SPIKE_ROWS 65537	/* Maglev table rows, prime */
#define SPIKE_NODES 1024	/* node ids run from 1 to SPIKE_NODES - 1; 0 is nobody */
#define SPIKE_PINS 65536	/* default, user space may choose another size at first load */
#define SPIKE_ANCHORS 65536
#define SPIKE_COUNTER_SLOTS 64

/* Words of the map "load", written by the runtime through shared memory. */
#define SPIKE_LOAD_HEARTBEAT 0	/* CLOCK_MONOTONIC, nanoseconds */
#define SPIKE_LOAD_HANDSHAKES 1
#define SPIKE_LOAD_CONNECTIONS 2
#define SPIKE_LOAD_ACCEPT_QUEUE 3
#define SPIKE_LOAD_DRAINING 4
#define SPIKE_LOAD_WORDS 64

/* Words of the map "agent", written by the router's user space. */
#define SPIKE_AGENT_HEARTBEAT 0	/* CLOCK_MONOTONIC, nanoseconds */
#define SPIKE_AGENT_OFF 1	/* not 0: new flows are taken here, whatever the queues say */
#define SPIKE_AGENT_WORDS 8

#define SPIKE_MODE_LADDER 0
#define SPIKE_MODE_FORWARD_ALL 1

#define SPIKE_FLAG_DRAINING 1
#define SPIKE_FLAG_GATEWAY_KNOWN 2

/* One of two; the map "active" says which one counts. */
struct spike_config {
	__u64 token_interval_nanos;
	__u64 token_burst_nanos;	/* burst times interval */
	__u64 defer_nanos_max;
	__u64 agent_fresh_nanos;
	__u64 runtime_fresh_nanos;
	__u32 layout;
	__u32 self_id;
	__be32 self_address;
	__u32 mode;
	__u32 flags;
	__u32 accept_queue_max;
	__u32 handshake_queue_max;
	__u32 forward_share;		/* of 1024 arriving SYNs */
	__u32 peer_load_max;		/* a peer at or above it has no room */
	__u32 pins_max;
	__be16 service_port;
	__u8 self_mac[6];
	__u8 gateway_mac[6];
	__u8 pad[2];
};

#define SPIKE_PEER_ALIVE 1
#define SPIKE_PEER_REACHABLE 2	/* next_hop holds the MAC address to send to */

struct spike_peer {
	__be32 address;
	__u32 load;			/* 0 idle .. 1000 full */
	__u16 state;			/* bits SPIKE_PEER_* */
	__u8 next_hop[6];
};

struct spike_row {
	__u16 first;
	__u16 second;
};

/* A client's side of a flow; the other side is always this node's service. */
struct spike_flow {
	__be32 address;
	__be16 port;
	__u16 zero;
};

#define SPIKE_PIN_CLOSED 1	/* a FIN or RST went by */

struct spike_pin {
	__u16 peer;
	__u16 flags;
	__u32 seen_seconds;		/* CLOCK_MONOTONIC */
};

struct spike_anchor {
	__be32 address;
	__u32 seen_seconds;
};

struct spike_state {
	__u64 bucket_arrival_nanos;	/* theoretical arrival time of the next token's owner (GCRA) */
	__u64 saturated_since_nanos;	/* 0: a SYN was accepted by rung 1 since the last deferral */
	__u64 deferred_last_nanos;
	__u64 forward_credit;		/* 1024 pay for one forwarded flow */
	__u64 pins_inserted;
};

/* Numbers are never reused. */
#define SPIKE_COUNTERS(X) \
	X(0, LOCAL, "local") \
	X(1, LOCAL_FAIL_OPEN, "local-fail-open") \
	X(2, LOCAL_BOUND, "local-bound") \
	X(3, SYN_FORWARDED, "syn-forwarded") \
	X(4, PINNED_FORWARDED, "pinned-forwarded") \
	X(5, GUESS_FORWARDED, "guess-forwarded") \
	X(6, DECAPSULATED, "decapsulated") \
	X(7, REPLY_ENCAPSULATED, "reply-encapsulated") \
	X(8, REPLY_RELAYED, "reply-relayed") \
	X(9, PASS_OPTIONS, "pass-options") \
	X(10, PASS_FRAGMENT, "pass-fragment") \
	X(11, ANCHOR_REPLACED, "anchor-replaced") \
	X(12, DEFER_BUCKET, "defer-bucket") \
	X(13, DEFER_ACCEPT_QUEUE, "defer-accept-queue") \
	X(14, DEFER_HANDSHAKES, "defer-handshakes") \
	X(15, DEFER_DRAINING, "defer-draining") \
	X(16, DEFER_RUNTIME_STALE, "defer-runtime-stale") \
	X(17, DEFER_NO_LISTENER, "defer-no-listener") \
	X(18, DEFER_FORWARD_ALL, "defer-forward-all") \
	X(19, DROP_PEER_DEAD, "drop-peer-dead") \
	X(20, DROP_UNKNOWN_PEER, "drop-unknown-peer") \
	X(21, DROP_MALFORMED, "drop-malformed") \
	X(22, DROP_INNER_DESTINATION, "drop-inner-destination") \
	X(23, DROP_INNER_SOURCE, "drop-inner-source") \
	X(24, DROP_ANCHOR_CLASH, "drop-anchor-clash") \
	X(25, DROP_NO_GATEWAY, "drop-no-gateway") \
	X(26, DROP_HEADROOM, "drop-headroom") \
	X(27, DROP_EGRESS, "drop-egress") \
	X(28, PIN_NOT_KEPT, "pin-not-kept") \
	X(29, NO_ROOM, "no-room") \
	X(30, FORWARD_SHARE_SPENT, "forward-share-spent") \
	X(31, EGRESS_SEGMENTED, "egress-segmented") \
	X(32, PIN_DROPPED, "pin-dropped") \
	X(33, LOCAL_PACKET, "local-packet") \
	X(34, LOCAL_OFF, "local-off")

enum spike_counter {
#define SPIKE_COUNTER_ENTRY(number, symbol, name) SPIKE_##symbol = number,
	SPIKE_COUNTERS(SPIKE_COUNTER_ENTRY)
#undef SPIKE_COUNTER_ENTRY
};

#endif
