/**
 * The registry behind etcd. {@code EtcdRegistration} keeps our own entries there, an {@code
 * EtcdFeed} for each part of etcd that is read follows everybody's; all are state machines on
 * threads of their own and talk to {@code EtcdOperations}, which {@code EtcdClient} carries out
 * with jetcd's generated stubs over the one {@code EtcdConnection}. The only package of core,
 * besides the trace exporter's, that may import {@code io.grpc}; imports {@code registry}, {@code
 * api}, {@code log} and the values of {@code config} of ours.
 */
package io.meshagent.core.registry.etcd;
