/**
 * Whether a mirror has missed anything, in the hundred bytes that a count takes in place of a list
 * (ADR 52).
 *
 * <p>Imports: {@code core.registry.etcd.client}, {@code core.run}.
 */
package io.meshagent.core.registry.etcd.tally;
