/** The command line of the jar. Imports config. */
package io.meshagent.core.cli;
