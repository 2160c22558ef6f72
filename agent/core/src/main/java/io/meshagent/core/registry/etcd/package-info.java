/**
 * The registry behind etcd: follows everybody's entries there and makes instances of them. State
 * machines on threads of their own; {@code lease} keeps our own entries.
 *
 * <p>The way of one event of etcd: {@code EtcdWatch} (bytes to an {@code EtcdEntry}), {@code
 * OnLoop}, {@code EtcdMirror} (cursor, and when to tell), {@code EtcdFeed}, {@code EtcdInstances}
 * ({@code EntryReader} makes instances of it, once; {@code BoundedEntries} keep them and say which
 * host:port it affects), {@code AffectedInstances} (all events of a moment as one {@code
 * ServiceChange} a service), {@code SourceMerge} where several prefixes are read, {@code Directory}
 * ({@code AllowedAddresses}, then {@code Intake}, which alone decides what stands how in {@code
 * KnownInstances}), {@code ServiceHandles}, {@code ServiceHandle} (what the readers of a service
 * that is called see, a copy), and its watchers. Up to the handle each step costs what the event
 * names, however many instances there are.
 *
 * <p>Imports: {@code core.api}, {@code core.config}, {@code core.log}, {@code core.registry},
 * {@code core.registry.etcd.access}, {@code core.registry.etcd.client}, {@code
 * core.registry.etcd.connection}, {@code core.registry.etcd.lease}, {@code
 * core.registry.etcd.mirror}, {@code core.registry.format}, {@code core.run}.
 */
package io.meshagent.core.registry.etcd;
