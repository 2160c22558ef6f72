/**
 * Where instances are published and found: one interface, an implementation for etcd and one for a
 * directory on this machine, and the formats of keys and values. Imports {@code api}, {@code log}
 * and the values of {@code config}; a library of etcd's only in {@code registry.etcd}.
 */
package io.meshagent.core.registry;
