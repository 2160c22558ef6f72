/**
 * Typed keys, the file and its overrides, and the problems found in them. Imports {@code log} for
 * the names of its levels, nothing else of ours. Nothing here logs: problems are handed to whoever
 * asked.
 */
package io.meshagent.core.config;
