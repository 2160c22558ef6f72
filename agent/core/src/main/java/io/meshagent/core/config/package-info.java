/**
 * Typed keys, the file and its overrides, and the problems found in them. Nothing here logs:
 * problems are handed to whoever asked.
 *
 * <p>Imports: {@code core.log}.
 */
package io.meshagent.core.config;
