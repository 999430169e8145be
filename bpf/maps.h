/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef SPIKE_MAPS_H
#define SPIKE_MAPS_H

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct spike_config);
} config SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} active SEC(".maps");

struct ring_table {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SPIKE_ROWS);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(struct spike_row)); /* clang 14 emits no BTF for a type here */
};

/* User space fills a fresh table and exchanges it with one update of this map. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct ring_table);
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SPIKE_NODES);
	__type(key, __u32);
	__type(value, struct spike_peer);
} peers SEC(".maps");

/* The nodes whose tunnel packets are believed: address -> id. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, SPIKE_NODES);
	__type(key, __be32);
	__type(value, __u32);
} peer_addresses SEC(".maps");

/* On the anchor: only flows that were forwarded. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, SPIKE_PINS);
	__type(key, struct spike_flow);
	__type(value, struct spike_pin);
} pins SEC(".maps");

/* On the peer: where the replies of a forwarded flow must go. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, SPIKE_ANCHORS);
	__type(key, struct spike_flow);
	__type(value, struct spike_anchor);
} anchors SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct spike_state);
} state SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, SPIKE_LOAD_WORDS);
	__type(key, __u32);
	__type(value, __u64);
} load SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SPIKE_AGENT_WORDS);
	__type(key, __u32);
	__type(value, __u64);
} agent SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SPIKE_COUNTER_SLOTS);
	__type(key, __u32);
	__type(value, __u64);
} counters SEC(".maps");

static __always_inline void count_many(__u32 counter, __u64 many)
{
	__u64 *value = bpf_map_lookup_elem(&counters, &counter);

	if (value)
		*value += many;
}

static __always_inline void count(__u32 counter)
{
	count_many(counter, 1);
}

static __always_inline struct spike_config *active_config(void)
{
	__u32 zero = 0, *index = bpf_map_lookup_elem(&active, &zero);
	__u32 key;

	if (!index)
		return NULL;
	key = *(volatile __u32 *)index & 1;
	return bpf_map_lookup_elem(&config, &key);
}

static __always_inline __u64 word(void *map, __u32 key)
{
	__u64 *value = bpf_map_lookup_elem(map, &key);

	return value ? *(volatile __u64 *)value : 0;
}

static __always_inline struct spike_peer *peer_of(__u32 id)
{
	return id ? bpf_map_lookup_elem(&peers, &id) : NULL;
}

#endif
