/**
 * The registry without a server: a directory on this machine, for development and first contact.
 * Imports {@code registry}, {@code api} and {@code log} of ours.
 */
package io.meshagent.core.registry.local;
