/**
 * The registry behind etcd. {@code EtcdRegistration} keeps our own entries there, {@code EtcdFeed}
 * follows everybody's; both are state machines on a thread of their own and talk to {@code
 * EtcdOperations}, which {@code EtcdClient} carries out with jetcd's generated stubs. The only
 * package of core, besides the trace exporter's, that may import {@code io.grpc}; imports {@code
 * registry}, {@code api} and {@code log} of ours.
 */
package io.meshagent.core.registry.etcd;
