/**
 * What is known of who hosts what, for the adapters. Imports api, registry, log and values of
 * config.
 */
package io.meshagent.core.directory;
