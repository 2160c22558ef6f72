/**
 * What the console knows of the whole mesh: followed in etcd, kept in memory, and put into the
 * words of its pages.
 *
 * <p>The way of a change: {@code EtcdMirror}, {@code MirroredEntries} (which reads an entry once),
 * {@code MeshMirror} (all of them and a number that grows), and for each look {@code Overview},
 * {@code InstanceRows}, {@code ProgramRows}, {@code DocumentRows}.
 *
 * <p>Imports: {@code core.api}, {@code core.config}, {@code core.registry.etcd.access}, {@code
 * core.registry.etcd.client}, {@code core.registry.etcd.connection}, {@code
 * core.registry.etcd.mirror}, {@code core.registry.format}, {@code core.rules}, {@code core.run}.
 */
package io.meshagent.core.console.mesh;
