/**
 * Typed keys, the file and its overrides, and the problems found in them. Imports nothing of ours.
 */
package io.meshagent.core.config;
