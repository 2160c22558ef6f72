/** What a fleet of agents asks of etcd: with a clock that jumps, and with a real etcd. */
package io.meshagent.core.registry.etcd.fleet;
