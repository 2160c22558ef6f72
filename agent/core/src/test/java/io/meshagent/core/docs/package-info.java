/**
 * Holds the pages for people against the code: links lead somewhere, and what pages name exists.
 * What stands on pages to be run is run by {@code DocumentedCommandsIT}.
 */
package io.meshagent.core.docs;
