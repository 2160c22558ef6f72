/**
 * The adapters: the only code written against the program's {@code io.grpc}, compiled against the
 * floor version and loaded once per copy of gRPC. MAY IMPORT io.grpc, the JDK and {@code
 * io.meshagent.core.api}; newer members of gRPC are reached by reflection, probed once. Each
 * subpackage can be switched off alone when a version lacks what it refers to; this package is what
 * they share.
 */
package io.meshagent.grpc;
