/**
 * Starts and stops what scenarios need: JVMs, etcd, a trace receiver; and waits for conditions.
 * Everything listens on loopback and ends with its test.
 */
package io.meshagent.it.harness;
