/**
 * What is written into the classes of gRPC, and how adapters are loaded.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code core.log}.
 */
package io.meshagent.core.hooks;
