/** What is known of who hosts what, for the adapters. Imports api, registry and log. */
package io.meshagent.core.directory;
