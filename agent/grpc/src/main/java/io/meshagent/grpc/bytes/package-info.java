/**
 * The bytes of the messages of a server's calls, where somebody wants to know of them.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code grpc.base}.
 */
package io.meshagent.grpc.bytes;
