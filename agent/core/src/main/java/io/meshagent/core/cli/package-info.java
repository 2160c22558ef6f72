/** The command line of the jar. Imports config and attach. */
package io.meshagent.core.cli;
