package dev.spike.node.serve;

import dev.spike.node.cache.CacheCluster;
import dev.spike.node.cache.SessionStore;
import dev.spike.node.config.FleetSecret;
import dev.spike.node.config.ServeConfig;
import dev.spike.node.tls.TlsServer;

/** What every connection of the node shares. */
record NodeContext(
    ServeConfig config,
    FleetSecret secret,
    TlsServer tls,
    CacheCluster cache,
    SessionStore sessions,
    OpenSessions open,
    ChannelFeeds feeds,
    Counters counters,
    NodeLife life) {}
